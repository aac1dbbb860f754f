"""What the grounding gate catches, what it lets pass, and what slips through to a reader."""
