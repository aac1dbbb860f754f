"""What Nightshelf claims about crashes, measured by one command: `make faults`."""
