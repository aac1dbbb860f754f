"""What sentiment models that the pipeline trains are worth on real reviews."""
