"""Times of the operations database, as both of its kinds give them back."""

from datetime import UTC, datetime


def in_utc(time: datetime) -> datetime:
    """SQLite gives times back without their zone, which is UTC."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
