"""Make the weights that ship."""
