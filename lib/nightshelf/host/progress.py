"""How far the workers of this machine are, while they work."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nightshelf.engine.usage import Usage
from nightshelf.host.folder import HostFolder

_SECONDS = 2.0
_SUFFIX = ".progress"


@contextmanager
def told(folder: HostFolder, slot: str, usage: Usage, *, every: float = _SECONDS) -> Iterator[None]:
    """While the block runs, what `usage` has come to lies in the folder for others to see."""
    path, ended = folder.path / f"{slot}{_SUFFIX}", threading.Event()

    def tell() -> None:
        while not ended.wait(every):
            # The folder may be gone: nobody needs to know then.
            with suppress(OSError):
                _write(path, {"texts": usage.texts, "tokens": usage.tokens})

    thread = threading.Thread(target=tell, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        path.unlink(missing_ok=True)


def under_way(folder: HostFolder) -> Usage:
    """Texts and tokens of the tasks that are running on this machine."""
    total = Usage()
    for path in folder.path.glob(f"*{_SUFFIX}"):
        with suppress(OSError, ValueError):
            total.add(json.loads(path.read_text()))
    return total


def _write(path: Path, said: dict[str, int]) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(said))
    new.replace(path)
