"""What Nightshelf claims about speed and poison rows, measured by one command: `make bench`."""
