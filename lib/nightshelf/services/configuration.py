"""What Airflow's processes are told: their environment, their secrets and their users."""

import base64
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from nightshelf.services import java, private
from nightshelf.services.processes import MARK
from nightshelf.settings import PREFIX, Settings

HOST = "127.0.0.1"

USERS = {"admin": "admin", "oncall": "user", "viewer": "viewer"}
"""Name and role: a viewer reads, a user runs DAGs and backfills, an admin does everything."""


@dataclass(frozen=True)
class Place:
    """Airflow's folder below the home, and what lies where in it."""

    home: Path

    @property
    def logs(self) -> Path:
        return self.home / "logs" / "services"

    @property
    def state(self) -> Path:
        return self.home / "services.json"

    @property
    def passwords(self) -> Path:
        return self.home / "simple_auth_manager_passwords.json.generated"

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def sqlite(self) -> Path:
        return self.home / "sqlite" / "airflow.db"

    @classmethod
    def of(cls, settings: Settings) -> "Place":
        return cls(settings.home.resolve() / "airflow")


def environment(
    settings: Settings, repo: Path, environ: Mapping[str, str], *, database: str, port: int
) -> dict[str, str]:
    """`environ` and, winning over it, all that Airflow and the jobs it starts have to know.

    `database` is the metadata's SQLAlchemy address. Makes secrets and passwords at the first call.
    """
    place = Place.of(settings)
    url = f"http://{HOST}:{port}"
    programs = Path(sys.executable).parent
    local = f"{HOST},localhost"
    proxied = environ.get("no_proxy") or environ.get("NO_PROXY")
    no_proxy = f"{proxied},{local}" if proxied else local
    airflow = {
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_FOLDER": str(repo.resolve() / "dags"),
        # SQLite knows one writer at a time: more tasks end in "database is locked".
        "CORE__PARALLELISM": "1" if database.startswith("sqlite") else "4",
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{n}:{r}" for n, r in USERS.items()),
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(place.passwords),
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "API__HOST": HOST,
        "API__PORT": str(port),
        "API__BASE_URL": url,
        "DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "LOGGING__BASE_LOG_FOLDER": str(place.home / "logs"),
        **_kept(place.home / "secrets.json", _new_secrets),
    }
    _kept(place.passwords, lambda: {name: secrets.token_urlsafe(12) for name in USERS})
    return {
        **environ,
        **{f"AIRFLOW__{name}": value for name, value in airflow.items()},
        **of_settings(settings),
        "AIRFLOW_HOME": str(place.home),
        "JAVA_HOME": str(java.find(environ.get("JAVA_HOME"))),
        "PATH": f"{programs}:{environ.get('PATH', '/usr/bin:/bin')}",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        MARK: str(place.home),
        "SPT_NOENV": "1",  # else setproctitle writes over the mark that `down` looks for
    }


def of_settings(settings: Settings) -> dict[str, str]:
    """The settings as variables that `Settings.from_environ` reads back, whatever the folder."""
    values = {
        PREFIX + one.name.upper(): str(getattr(settings, one.name)) for one in fields(settings)
    }
    absolute = {"HOME": settings.home, "JARS": settings.jars}
    return values | {PREFIX + name: str(path.absolute()) for name, path in absolute.items()}


def password(place: Place, user: str) -> str:
    return str(json.loads(place.passwords.read_text())[user])


def _kept(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `path` holds, made and written at the first call; only its owner may read it."""
    if not path.is_file():
        private.write(path, json.dumps(make()))
    path.chmod(0o600)
    return {str(name): str(value) for name, value in json.loads(path.read_text()).items()}


def _new_secrets() -> dict[str, str]:
    return {
        "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "API__SECRET_KEY": secrets.token_urlsafe(32),
        "API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
    }
