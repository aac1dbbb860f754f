"""One file a way to answer the same texts; each runs in a process of its own."""
