"""Write into a landing folder beside its readers: hidden first, then renamed, then closed."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from nightshelf.landing.success import SUCCESS, data_files, flush, write_success

_HIDDEN = ".{}.landing"


@contextmanager
def staging(folder: Path) -> Iterator["Staging"]:
    """
    The folder, held by this process alone; what was not published is gone afterwards.

    A folder that did not exist and got nothing does not exist afterwards either.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield Staging(folder)
        finally:
            _remove_hidden(folder)  # and what a killed process left
    finally:
        os.close(descriptor)
        for path in made:
            with suppress(OSError):  # not empty: it is in use
                path.rmdir()


def _remove_hidden(folder: Path) -> None:
    for path in folder.glob(_HIDDEN.format("*")):
        path.unlink()


class Staging:
    """Files on their way into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hidden(self, name: str) -> Path:
        """Where to write what will be called `name`."""
        return self.folder / _HIDDEN.format(name)

    def carry_over(self, path: Path) -> None:
        """Take a file byte for byte, under its own name."""
        shutil.copyfile(path, self.hidden(path.name))

    def publish(self, stems: Mapping[str, str], mode: str | None) -> None:
        """
        Rename into place, replacing whatever has the same stem, and close the folder.

        `stems`: the stem of each staged file, by name.
        """
        for name in stems:
            flush(self.hidden(name))
        (self.folder / SUCCESS).unlink(missing_ok=True)
        for path in list(data_files(self.folder)):
            if path.stem in stems.values() and path.name not in stems:
                path.unlink()
        for name in stems:
            self.hidden(name).replace(self.folder / name)
        write_success(self.folder, mode)
