"""Airflow's metadata database: the embedded PostgreSQL, or SQLite where that does not run."""

import subprocess
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from nightshelf.errors import NightshelfError
from nightshelf.services import postgres, postgres_programs
from nightshelf.services.configuration import Place

Say = Callable[[str], None]


def start(place: Place, say: Say) -> str:
    """Start it if need be; return its SQLAlchemy address."""
    programs = postgres_programs.find()
    if programs is None:
        say(
            "The embedded PostgreSQL (package pgserver) does not run on this machine: Airflow's"
            " metadata is on SQLite, and tasks run one at a time"
        )
        place.sqlite.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{place.sqlite}"
    say("Starting PostgreSQL for Airflow's metadata")
    folder = postgres.start(place.postgres, programs)
    return f"postgresql+psycopg2://postgres@/postgres?host={quote(folder)}"


def migrate(place: Place, program: str, environ: Mapping[str, str], say: Say) -> None:
    """Bring the tables to this Airflow's version; skipped where they were brought to it before.

    Raise `NightshelfError` with the end of the log when that fails.
    """
    database = environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    data = place.sqlite.parent if database.startswith("sqlite") else place.postgres
    stamp, wanted = data / "migrated", version("apache-airflow-core")
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Making the tables of Airflow {wanted}")
    log = place.logs / "migrate.log"
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603
            [program, "db", "migrate"],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise NightshelfError(f"airflow db migrate failed; {log} ends:\n{tail(log)}")
    stamp.write_text(wanted)


def stop(place: Place) -> None:
    if programs := postgres_programs.find():
        postgres.stop(place.postgres, programs)


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join("  " + line for line in log.read_text(errors="replace").splitlines()[-lines:])
