"""The secret that keys are made with: one a lake; lost, all is asked again."""

import secrets
from pathlib import Path


def lake_secret(path: Path) -> bytes:
    """The secret that keys are made with; made once, and never printed."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            # A link fails where another process was first; a rename would replace its secret.
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
