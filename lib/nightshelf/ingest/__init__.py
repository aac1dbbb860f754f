"""From a landed file to accepted and rejected rows."""
