"""SQLite or PostgreSQL below a lake; a state of it can be kept and gone back to."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.faults.children import value_of
from nightshelf.errors import SettingsError
from nightshelf.services import postgres_programs

SQLITE, POSTGRESQL = "sqlite", "postgres"
DATABASES = (SQLITE, POSTGRESQL)
_LAKE = "lake"


@dataclass(frozen=True)
class Sqlite:
    """Its files lie in the home, and come and go with it."""

    name: str = SQLITE
    uri: str = ""

    def keep(self, state: str) -> None:
        del state

    def go_back(self, state: str) -> None:
        del state

    def clear(self) -> None:
        return


@dataclass(frozen=True)
class Server:
    """An embedded PostgreSQL on a port of its own: JDBC knows no Unix sockets."""

    data: Path
    programs: Path
    port: int
    name: str = POSTGRESQL

    @property
    def uri(self) -> str:
        return self._uri(_LAKE)

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c max_connections=300"
        # No machine loses power here; what a process has written stays when it is killed.
        options += f" -c unix_socket_directories={self.data} -c fsync=off"
        log = ["-l", self.data / "server.log"]
        pg_ctl = [self.programs / "pg_ctl", "-w", "-D", self.data]
        postgres_programs.run([*pg_ctl, *log, "-o", options, "start"])

    def stop(self) -> None:
        """At once and without a word, as a machine is lost."""
        stop = ["stop", "-m", "immediate"]
        postgres_programs.run([self.programs / "pg_ctl", "-w", "-D", self.data, *stop])

    def keep(self, state: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{state}" WITH (FORCE)')
        self._close()
        self._do(f'CREATE DATABASE "{state}" TEMPLATE {_LAKE}')

    def go_back(self, state: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {_LAKE} WITH (FORCE)")
        self._do(f'CREATE DATABASE {_LAKE} TEMPLATE "{state}"')

    def clear(self) -> None:
        self._do(f"DROP DATABASE IF EXISTS {_LAKE} WITH (FORCE)")
        self._do(f"CREATE DATABASE {_LAKE}")

    def _close(self) -> None:
        self._do(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_LAKE}'"  # noqa: S608
        )

    def _uri(self, database: str) -> str:
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/{database}"

    def _do(self, statement: str) -> None:
        def do() -> None:
            engine = sa.create_engine(self._uri("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as db:
                db.exec_driver_sql(statement)
            engine.dispose()

        value_of(do)


Database = Sqlite | Server


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Database]:
    """The database below `folder`, running until the end of the block."""
    if name == SQLITE:
        yield Sqlite()
        return
    programs = postgres_programs.find()
    if programs is None:
        raise SettingsError("the embedded PostgreSQL does not run here: take --databases sqlite")
    data = folder / "postgres"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    postgres_programs.give(data)
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--no-locale"]
    postgres_programs.run([*initdb, "-A", "trust"])
    server = Server(data, programs, _free_port())
    server.start()
    try:
        yield server
    finally:
        with suppress(subprocess.SubprocessError):  # it is stopped already
            server.stop()
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
