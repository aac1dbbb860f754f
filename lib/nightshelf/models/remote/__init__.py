"""Models behind an OpenAI-compatible HTTP server, asked one by one or in batches."""
