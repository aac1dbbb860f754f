"""The `_SUCCESS` file that closes a landing folder, ours with a list, or Spark's empty one."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightshelf.errors import ContractError

SUCCESS = "_SUCCESS"
SNAPSHOT, DELTA = "snapshot", "delta"
_VERSION = 1


@dataclass(frozen=True)
class Success:
    """`files`: bytes by name, null where the writer gave no list; `mode`: of a catalog."""

    files: dict[str, int] | None = None
    mode: str | None = None


def data_files(folder: Path) -> Iterator[Path]:
    """Every file but hidden and underscored ones, in the order of their names."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith((".", "_")):
            yield path


def read_success(folder: Path) -> Success | None:
    """Null where the folder is not closed; `ContractError` where what closes it is malformed."""
    try:
        data = (folder / SUCCESS).read_bytes()
    except FileNotFoundError:
        return None
    if not data.strip():
        return Success()
    try:
        return _parsed(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ContractError(
            f"{folder / SUCCESS} is neither empty nor the list that `nightshelf land` writes;"
            " write it again, or leave it empty"
        ) from None


def _parsed(content: dict[str, object]) -> Success:
    if content["version"] != _VERSION:
        raise ValueError
    files: dict[str, int] = {}
    for entry in content["files"]:  # type: ignore[attr-defined]
        name, size = entry["name"], entry["bytes"]
        if not isinstance(size, int) or size < 0 or Path(name).name != name:
            raise ValueError
        files[name] = size
    mode = content.get("mode")
    if mode not in (None, SNAPSHOT, DELTA):
        raise ValueError
    return Success(files, str(mode) if mode else None)


def write_success(folder: Path, mode: str | None) -> None:
    """Close the folder: list every data file that lies in it, durably and in one step."""
    files = [{"name": path.name, "bytes": path.stat().st_size} for path in data_files(folder)]
    content = {"files": files} | ({"mode": mode} if mode else {}) | {"version": _VERSION}
    hidden = folder / f".{SUCCESS}.landing"
    hidden.write_text(json.dumps(content, indent=1) + "\n")
    flush(hidden)
    hidden.replace(folder / SUCCESS)
    flush(folder)


def flush(path: Path) -> None:
    """Make a file's content, or a folder's names, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
