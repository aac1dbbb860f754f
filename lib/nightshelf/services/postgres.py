"""The embedded PostgreSQL under Airflow: a Unix socket only its owner can reach, no TCP port."""

import hashlib
import shlex
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from nightshelf.errors import NightshelfError
from nightshelf.services.postgres_programs import give, run
from nightshelf.services.processes import Started, until

_SECONDS_TO_DIE = 30.0

MAX_SOCKET_PATH = 103
"""Bytes of the longest socket path that both Linux (107) and macOS (103) take."""


def start(data: Path, programs: Path) -> str:
    """Start the server on `data` unless it runs, making it when empty; return its socket folder.

    The server outlives this process. Raise `NightshelfError` with its log's end if it fails.
    """
    if server(data):
        return socket_folder(data)
    _clear_up(data)
    if not (data / "PG_VERSION").is_file():
        _make(data, programs)
    folder = _new_socket_folder(data)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "cluster_name": _name(data),
    }
    given = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    log = data / "server.log"
    try:
        run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", given])
    except subprocess.SubprocessError:
        end = log.read_text(errors="replace").splitlines()[-8:] if log.is_file() else []
        raise NightshelfError(
            f"PostgreSQL did not start on {data}; its log {log} ends:\n  " + "\n  ".join(end)
        ) from None
    return str(folder)


def stop(data: Path, programs: Path) -> None:
    """Stop the server on `data`, by force if it has to be; do nothing when none runs."""
    folder = socket_folder(data)
    for mode in ("fast", "immediate"):
        if server(data):
            with suppress(subprocess.SubprocessError):
                run([programs / "pg_ctl", "stop", "-w", "-t", "30", "-m", mode, "-D", data])
    if (left := server(data)) is not None:
        raise NightshelfError(f"PostgreSQL on {data} does not stop: kill process {left.pid}")
    _clear_up(data, folder)


def server(data: Path) -> psutil.Process | None:
    """The living server of `data`; None also where its pid is somebody else's by now."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        command = process.cmdline()  # empty, hence an IndexError, when the process is a zombie
        if Path(command[0]).name == "postgres" and data.samefile(command[command.index("-D") + 1]):
            return process
    return None


def socket_folder(data: Path) -> str:
    """Where the server listens, as its `postmaster.pid` tells; empty where there is none."""
    with suppress(OSError, IndexError):
        return (data / "postmaster.pid").read_text().split("\n")[4]
    return ""


def orphans(data: Path) -> list[psutil.Process]:
    """What a server that was killed has left: its workers, known by the cluster's name."""
    title = f"postgres: {_name(data)}:"
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if (process.info["cmdline"] or [""])[0].startswith(title)
    ]


def _name(data: Path) -> str:
    return "nightshelf-" + hashlib.sha256(bytes(data.resolve())).hexdigest()[:16]


def _make(data: Path, programs: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)  # what a cut-off first start left
    data.mkdir(parents=True)
    give(data)
    # Whoever gets through the socket folder's permissions is the owner: no password needed.
    trust = ("--auth-local=trust", "--auth-host=reject")
    run([programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--no-locale", *trust])


def _new_socket_folder(data: Path) -> Path:
    """Beside the data; in a temporary folder where that path is too long for a socket."""
    folder = data.parent / "run"
    if len(bytes(folder / ".s.PGSQL.5432.lock")) > MAX_SOCKET_PATH:
        folder = Path(tempfile.mkdtemp(prefix="nightshelf-", dir="/tmp"))
    folder.mkdir(exist_ok=True)
    give(folder)
    return folder


def _clear_up(data: Path, folder: str = "") -> None:
    """Clear away what the last server left: to the next, its files look like a living one's."""
    until(lambda: not orphans(data), seconds=5.0)  # they end by themselves, mostly at once
    killed = []
    for process in orphans(data):
        with suppress(psutil.NoSuchProcess):
            killed.append(Started(process.pid, process.create_time()))
            process.kill()
    # Not by their names: a process that is ending has none any more, and still has its memory.
    until(lambda: not any(one.is_alive for one in killed), seconds=_SECONDS_TO_DIE)
    folder = folder or socket_folder(data)
    if folder == str(data.parent / "run") or Path(folder).name.startswith("nightshelf-"):
        shutil.rmtree(folder, ignore_errors=True)
    (data / "postmaster.pid").unlink(missing_ok=True)
