"""The base image: what it is made of, and how it is made where a daemon hasn't got it."""
