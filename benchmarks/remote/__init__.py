"""Do remote models survive a server that misbehaves? `make faults-remote`."""
