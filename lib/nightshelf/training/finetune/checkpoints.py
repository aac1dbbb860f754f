"""Where a training that was cut off goes on: its newest checkpoint that is whole."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError, safe_open

IDENTITY = "training.id"
_ZIPPED = ("optimizer.pt", "scheduler.pt", "rng_state.pth")


def begin_or_go_on(work: Path, identity: str, say: Callable[[str], None]) -> None:
    """Make `work` this training's folder; what another training left in it goes."""
    mark = work / IDENTITY
    if work.exists() and (not mark.is_file() or mark.read_text("utf-8") != identity):
        say(f"{work} is of another training (data or parameters differ): it begins anew")
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    mark.write_text(identity, "utf-8")


def newest_whole(folder: Path, say: Callable[[str], None]) -> Path | None:
    """The newest checkpoint that can be read to its end; those cut short are removed, and said."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    for path in reversed(found):
        if problem := _problem(path):
            say(f"{path.name} was cut short ({problem}): going on from the one before it")
            shutil.rmtree(path)
        else:
            return path
    return None


def _problem(checkpoint: Path) -> str | None:
    """What of it cannot be read; None if all can."""
    try:
        # Written last: without it the others may be cut as well.
        json.loads((checkpoint / "trainer_state.json").read_text("utf-8"))
        with safe_open(checkpoint / "model.safetensors", framework="numpy") as file:
            file.keys()
        for name in _ZIPPED:
            with zipfile.ZipFile(checkpoint / name) as archive:
                if archive.testzip():
                    return f"{name} is damaged"
    except (OSError, ValueError, SafetensorError, zipfile.BadZipFile) as error:
        return f"{type(error).__name__}"
    return None
