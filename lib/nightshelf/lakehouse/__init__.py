"""Iceberg: SQL text, catalog, branches, releases."""
