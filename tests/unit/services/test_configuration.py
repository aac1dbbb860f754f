import json
import stat
from pathlib import Path

import pytest

from nightshelf.services import configuration
from nightshelf.services.configuration import Place
from nightshelf.settings import Settings

POSTGRES = "postgresql+psycopg2://postgres@/postgres?host=/run"


@pytest.fixture
def told(tmp_path):
    java = tmp_path / "java"
    java.mkdir()
    (java / "release").write_text('JAVA_VERSION="17.0.1"')

    def told(environ=(), database=POSTGRES, **settings):
        return configuration.environment(
            Settings(home=tmp_path / "home", **settings),
            tmp_path / "checkout",
            {"JAVA_HOME": str(java), **dict(environ)},
            database=database,
            port=18080,
        )

    return told


def test_airflow_is_told_where_it_lives_and_nothing_is_open(told, tmp_path):
    environ = told()
    assert {
        "AIRFLOW_HOME": str(tmp_path / "home" / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "checkout" / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,oncall:user,viewer:viewer",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http://127.0.0.1:18080/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": "18080",
        "AIRFLOW__API__BASE_URL": "http://127.0.0.1:18080",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": POSTGRES,
        "JAVA_HOME": str(tmp_path / "java"),
    }.items() <= environ.items()


@pytest.mark.parametrize(("database", "tasks"), [(POSTGRES, "4"), ("sqlite:////a/b.db", "1")])
def test_sqlite_runs_one_task_at_a_time(told, database, tasks):
    assert told(database=database)["AIRFLOW__CORE__PARALLELISM"] == tasks


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True", False),
        ("AIRFLOW__API__HOST", "0.0.0.0", False),  # noqa: S104
        ("NIGHTSHELF_HOME", "elsewhere", False),
        ("AIRFLOW__METRICS__STATSD_ON", "True", True),
        ("AWS_REGION", "eu-central-1", True),
    ],
)
def test_what_is_ours_wins_and_the_rest_is_inherited(told, name, value, kept):
    assert (told({name: value})[name] == value) is kept


@pytest.mark.parametrize(
    ("inherited", "wanted"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "shop.internal"}, "shop.internal,127.0.0.1,localhost"),
        ({"no_proxy": "shop.internal"}, "shop.internal,127.0.0.1,localhost"),
    ],
)
def test_no_proxy_stands_between_airflow_and_itself(told, inherited, wanted):
    environ = told(inherited)
    assert (environ["no_proxy"], environ["NO_PROXY"]) == (wanted, wanted)


def test_the_jobs_read_back_the_settings_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = Settings(home=Path("home"), jars=Path("jars"), max_tokens=7, max_failed_share=0.125)
    passed = configuration.of_settings(given)
    monkeypatch.chdir("/")
    read = Settings.from_environ(passed)
    assert (read.home, read.jars) == (tmp_path / "home", tmp_path / "jars")
    assert (read.max_tokens, read.max_failed_share) == (7, 0.125)


def test_secrets_are_made_once_and_are_for_their_owner_only(told, tmp_path):
    first, place = told(), Place(tmp_path / "home" / "airflow")
    assert told() == first
    assert (
        configuration.password(place, "admin") == json.loads(place.passwords.read_text())["admin"]
    )
    for file in (place.passwords, place.home / "secrets.json"):
        values = list(json.loads(file.read_text()).values())
        assert len(set(values)) == 3
        assert min(map(len, values)) >= 16
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
