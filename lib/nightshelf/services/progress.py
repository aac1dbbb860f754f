"""Tells a person what is being done, and how long it has taken so far."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nightshelf.errors import SettingsError


class Progress:
    """Lines on standard output, each with the seconds since this object was made."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, text: str) -> None:
        sys.stdout.write(f"[{self.seconds:5.1f} s] {text}\n")
        sys.stdout.flush()

    def plain(self, text: str) -> None:
        """A line of a result, without the time."""
        sys.stdout.write(f"{text}\n")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started


def run(command: Sequence[str | Path], say: Progress, *, every: float = 10.0) -> None:
    """Run `command`, saying every `every` seconds that it still does; quiet when it succeeds.

    Raise `SettingsError` with the last lines of its output when it fails.
    """
    name = Path(command[0]).name
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=every)
                break
            except subprocess.TimeoutExpired:
                say(f"  … {name} is still at work")
    if process.returncode:
        last = output.decode(errors="replace").splitlines()[-15:]
        raise SettingsError(f"{name} failed:\n  " + "\n  ".join(last))
