"""Make `.venv-bench`: what the project runs on, and its peers, from a lock with hashes."""

import hashlib
import sys
from pathlib import Path

from nightshelf.errors import NightshelfError
from nightshelf.services.progress import Progress, run
from nightshelf.services.setup import find_uv

LOCK = Path(__file__).with_name("requirements.lock")
REPO = Path(__file__).parents[1]


def make(repo: Path, lock: Path, say: Progress) -> None:
    """Return at once when nothing changed since. Raise `SettingsError` where it cannot be made."""
    venv = repo / ".venv-bench"
    stamp = venv / "lock.sha256"
    wanted = hashlib.sha256(f"{sys.version_info[:2]}".encode() + lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    uv = find_uv(repo, say)
    say("Making .venv-bench: this project's packages and its peers, each checked by its hash")
    run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], say)
    sync = ("pip", "sync", "--python", venv / "bin" / "python", "--require-hashes")
    run([uv, *sync, "--compile-bytecode", lock], say)
    stamp.write_text(wanted)


def main() -> int:
    try:
        make(REPO, LOCK, Progress())
    except NightshelfError as error:
        sys.stderr.write(f"make bench: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
