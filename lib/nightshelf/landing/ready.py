"""Whether a landing folder is complete, and which files lie in it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.success import SUCCESS, data_files, read_success


@dataclass(frozen=True)
class Ready:
    """Closed by `_SUCCESS`, and all that it lists is there; it may list nothing."""


@dataclass(frozen=True)
class Waiting:
    """Not complete yet; `why` is for a person."""

    why: str


@dataclass(frozen=True)
class KnownFile:
    """What was noted about a file when it was last read; `mtime_ns` and `bytes` spare a hash."""

    sha256: str
    bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class LandedFile:
    """A file as it lies there now; `sha256` in hex, `mtime_ns` as the file system gives it."""

    name: str
    path: Path
    bytes: int
    sha256: str
    mtime_ns: int


def readiness(folder: Path) -> Ready | Waiting:
    """Ready when `_SUCCESS` stands and each file that it lists is there in its size."""
    try:
        success = read_success(folder)
    except ContractError as error:
        return Waiting(str(error))
    if success is None:
        what = "is not closed: it has" if folder.is_dir() else "does not exist, so it has"
        return Waiting(f"{folder} {what} no {SUCCESS}")
    sizes = {path.name: path.stat().st_size for path in data_files(folder)}
    for name, size in (success.files or {}).items():
        if name not in sizes:
            return Waiting(f"{folder / name} is listed in {SUCCESS} but is not there")
        if sizes[name] != size:
            return Waiting(
                f"{folder / name} has {sizes[name]} bytes; {SUCCESS} lists {size}:"
                " it is still being written, or was changed without being landed again"
            )
    return Ready()


def landed_files(folder: Path, known: Mapping[str, KnownFile] | None = None) -> list[LandedFile]:
    """
    Every data file in order of its name, none where there is no folder.

    Hidden and underscored files are not data. A file whose size and time of change are
    `known` keeps the hash that is known; others are read.
    """
    if not folder.is_dir():
        return []
    return [_landed_file(path, (known or {}).get(path.name)) for path in data_files(folder)]


def _landed_file(path: Path, known: KnownFile | None) -> LandedFile:
    stat = path.stat()
    if known and (known.bytes, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        digest = known.sha256
    else:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return LandedFile(path.name, path, stat.st_size, digest, stat.st_mtime_ns)


def landing_mode(folder: Path, default: str) -> str:
    """`snapshot` or `delta`, as `_SUCCESS` says; `default` where it does not say."""
    success = read_success(folder)
    return (success.mode if success else None) or default
