"""What results amount to: summaries, baselines, and the gate between them."""
