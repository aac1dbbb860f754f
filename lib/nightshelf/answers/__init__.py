"""Address answers by content, and tell which are missing."""
