"""The embedded PostgreSQL: made, killed, found again, and out of reach for others."""

import os
import signal
import stat
import time
from pathlib import Path

import psutil
import psycopg2
import psycopg2.extras
import pytest

from nightshelf.errors import NightshelfError
from nightshelf.services import postgres, postgres_programs

PROGRAMS = postgres_programs.find()


def test_its_programs_run_here():
    assert PROGRAMS is not None


@pytest.fixture(params=["short", "long"])
def data(tmp_path, request):
    """A data folder; below a long path, no socket can lie beside it."""
    parent = tmp_path / ("x" * 120) if request.param == "long" else tmp_path
    yield parent / "postgres"
    postgres.stop(parent / "postgres", PROGRAMS)


def ask(folder, statement):
    connection = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def wait_until(happens):
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill(server):
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(server))


def is_at_work(data):
    """Whether a worker has begun the long query; one that has not would notice the kill."""
    found = ask(
        postgres.socket_folder(data),
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
        " AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()",
    )
    return found == [(1,)]


def is_alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def listening(process):
    return [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]


def test_it_keeps_its_rows_over_a_stop_and_a_kill(data):
    folder = postgres.start(data, PROGRAMS)
    ask(folder, "CREATE TABLE night (date text)")
    ask(folder, "INSERT INTO night VALUES ('2026-01-01')")
    postgres.stop(data, PROGRAMS)
    assert postgres.server(data) is None

    postgres.start(data, PROGRAMS)
    kill(postgres.server(data))
    folder = postgres.start(data, PROGRAMS)
    assert ask(folder, "SELECT date FROM night") == [("2026-01-01",)]


def test_a_worker_that_does_not_notice_the_kill_is_ended(data):
    connection = psycopg2.connect(
        host=postgres.start(data, PROGRAMS), user="postgres", dbname="postgres", async_=1
    )
    psycopg2.extras.wait_select(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 10000000000)")
        wait_until(lambda: is_at_work(data))
        kill(postgres.server(data))
        wait_until(lambda: len(postgres.orphans(data)) <= 1)  # the idle ones notice it
        [busy] = postgres.orphans(data)
        postgres.stop(data, PROGRAMS)
        assert not is_alive(busy)
    connection.close()


def test_only_its_owner_reaches_it(data):
    folder = Path(postgres.start(data, PROGRAMS))
    server = postgres.server(data)
    assert listening(server) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(bytes(folder / ".s.PGSQL.5432")) <= postgres.MAX_SOCKET_PATH
    assert server.uids().effective != 0


def test_starting_twice_is_starting_once_and_so_is_stopping(data):
    folder = postgres.start(data, PROGRAMS)
    server = postgres.server(data)
    assert postgres.start(data, PROGRAMS) == folder
    assert postgres.server(data) == server
    postgres.stop(data, PROGRAMS)
    postgres.stop(data, PROGRAMS)
    assert not is_alive(server)
    assert not (Path(folder).exists() and list(Path(folder).iterdir()))


def test_a_pid_that_is_somebody_elses_by_now_does_not_stop_it(data):
    postgres.start(data, PROGRAMS)
    file = data / "postmaster.pid"
    lines = file.read_text().splitlines()
    postgres.stop(data, PROGRAMS)
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert postgres.server(data) is None
    assert ask(postgres.start(data, PROGRAMS), "SELECT 1") == [(1,)]


def test_a_first_start_that_was_cut_off_is_begun_again(data):
    data.mkdir(parents=True)
    (data / "half").touch()
    assert ask(postgres.start(data, PROGRAMS), "SELECT 1") == [(1,)]


def test_what_does_not_start_shows_its_log(data):
    postgres.start(data, PROGRAMS)
    postgres.stop(data, PROGRAMS)
    (data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(NightshelfError, match=r"did not start(?s:.*)no_such_setting"):
        postgres.start(data, PROGRAMS)
