"""Work done in a child process, which a real signal can end at any moment."""

import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from nightshelf.errors import NightshelfError

#: As the shell says it of a Python program that ends in a traceback.
TRACEBACK = 1
#: No piece of work here takes so long; one that hangs is a finding, not a reason to wait.
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Outcome:
    """
    How a child ended: its exit code (negative: the signal), what it gave back, its last words.

    `words` are a sentence for people where `for_people`, else a traceback.
    """

    code: int
    value: Any = None
    words: str = ""
    for_people: bool = False

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Child:
    """
    A fork of this process that does `work` and ends without any clean-up of ours.

    The parent keeps no connection and no thread, so that a fork of it is as good as a new process.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        sys.stdout.flush()
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _live(work, writing)
        os.close(writing)
        self._reading = reading

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Outcome:
        """Its outcome; one that is not there after `seconds` is killed, and says so."""
        deadline = time.monotonic() + seconds
        said = b""
        os.set_blocking(self._reading, False)
        while True:
            said += self._read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                os.close(self._reading)
                return Outcome(TRACEBACK, words=f"it hung for {seconds:g} seconds")
            time.sleep(0.005)
        said += self._read()
        os.close(self._reading)
        value, words, for_people = pickle.loads(said) if said else (None, "", False)  # noqa: S301
        return Outcome(os.waitstatus_to_exitcode(status), value, words, for_people)

    def _read(self) -> bytes:
        parts = []
        while True:
            try:
                part = os.read(self._reading, 1 << 20)
            except BlockingIOError:
                break
            if not part:
                break
            parts.append(part)
        return b"".join(parts)


def in_child(work: Callable[[], object]) -> Outcome:
    return Child(work).wait()


def value_of(work: Callable[[], object]) -> Any:  # noqa: ANN401  whatever the work gives
    """What `work` gives back; raise `RuntimeError` with its words where it fails."""
    done = in_child(work)
    if done.code:
        raise RuntimeError(f"the harness's own work failed ({done.code}): {done.words}")
    return done.value


def _live(work: Callable[[], object], writing: int) -> NoReturn:
    code, said = TRACEBACK, (None, "", False)
    try:
        try:
            said = (work(), "", False)
            code = 0
        except NightshelfError as error:
            said, code = (None, str(error), True), error.exit_code
        except BaseException:  # noqa: BLE001  as the interpreter does at its end
            said = (None, traceback.format_exc(), False)
        _write_all(writing, pickle.dumps(said))
    finally:
        os._exit(code)


def _write_all(writing: int, data: bytes) -> None:
    while data:
        data = data[os.write(writing, data) :]
