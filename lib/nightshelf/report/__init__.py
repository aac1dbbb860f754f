"""What a run did, why, and what waits for a person: as data, as a page, and as plain lines."""
