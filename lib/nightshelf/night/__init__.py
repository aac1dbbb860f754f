"""One date's run, step by step."""
