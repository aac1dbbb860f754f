"""How the Spark part of a step is done: by a job of its own, or in one session for all steps."""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import Popen, TimeoutExpired

from nightshelf.night.context import Context
from nightshelf.night.lease import this_process
from nightshelf.night.submit import job_mark, submitted

#: Does the Spark part of a step, and gives its exit code.
Job = Callable[[str], int]

#: The job that does step after step as it is told.
NIGHT = "night"
_TICK_SECONDS = 0.2
#: A session that is told to end needs so long at most, to write a class archive too; else it is
#: killed.
_PATIENCE_SECONDS = 60.0


def own_mark(context: Context, date: str) -> str:
    return job_mark(context.settings, date, this_process())


def each_by_itself(context: Context, date: str, run: str, environ: Mapping[str, str]) -> Job:
    """A spark-submit a step, as Airflow's tasks need it: each may run on its own, or again."""

    def do(step: str) -> int:
        mark = own_mark(context, date)
        with submitted(context.settings, step, ["--run", run], environ, mark) as process:
            return process.wait()

    return do


@contextmanager
def in_one_session(
    context: Context, date: str, run: str, environ: Mapping[str, str]
) -> Iterator[Job]:
    """One spark-submit, started with the first step, that does each as it is asked for."""
    with ExitStack() as stack:
        started: list[_Session] = []

        def do(step: str) -> int:
            if not started:
                started.append(stack.enter_context(_session(context, date, run, environ)))
            return started[0].do(step)

        yield do


class _Session:
    """`connection` is None where the job has ended before it could be told anything."""

    def __init__(self, process: "Popen[bytes]", connection: socket.socket | None) -> None:
        self._process = process
        self._lines = connection.makefile("rw") if connection else None

    def do(self, step: str) -> int:
        answer = ""
        if self._lines:
            # A job that dies says nothing more; its exit code then says how.
            with suppress(OSError):
                self._lines.write(f"{step}\n")
                self._lines.flush()
                answer = self._lines.readline()
        return int(answer) if answer else self._process.wait()

    def end(self) -> None:
        if self._lines:
            with suppress(OSError):
                self._lines.close()


@contextmanager
def _session(
    context: Context, date: str, run: str, environ: Mapping[str, str]
) -> Iterator[_Session]:
    # Short, as a socket's path has to be, and only ours to enter.
    folder = Path(tempfile.mkdtemp(prefix="nightshelf-"))
    path, mark = folder / "steps", own_mark(context, date)
    try:
        with ExitStack() as stack:
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(path))
            listener.listen()
            listener.settimeout(_TICK_SECONDS)
            arguments = ["--run", run, "--steps", str(path)]
            job = submitted(context.settings, NIGHT, arguments, environ, mark)
            process = stack.enter_context(job)
            connection = _accepted(listener, process)
            if connection:
                stack.enter_context(connection)
            session = _Session(process, connection)
            yield session
            session.end()
            if connection:
                connection.shutdown(socket.SHUT_RDWR)
            with suppress(TimeoutExpired):
                process.wait(_PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _accepted(listener: socket.socket, process: "Popen[bytes]") -> socket.socket | None:
    while process.poll() is None:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.settimeout(None)
        return connection
    return None
