"""Fine-tune an encoder with a head on top, and make a model folder of it."""
