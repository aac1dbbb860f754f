"""What people read; one file a published table."""
