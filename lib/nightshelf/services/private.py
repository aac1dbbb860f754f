"""Files that only their owner may read."""

from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write `path` whole or not at all; nobody else can read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(path)
