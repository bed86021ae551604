"""The catalogue in other forms: tool specifications for models and for GPTScript."""
