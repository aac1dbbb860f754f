"""The folder where the shop delivers files."""
