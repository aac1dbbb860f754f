"""The operations database: files, runs, leases, plans."""
