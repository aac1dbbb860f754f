"""One real Airflow on an embedded PostgreSQL: started, used, killed, started again, stopped."""

import json
import os
import signal
import stat
import time
from datetime import date
from pathlib import Path

import psutil
import pytest

from nightshelf.errors import NotReady
from nightshelf.services import airflow as services
from nightshelf.services import ports, postgres, processes
from nightshelf.services.transport import Refused, Session
from nightshelf.settings import Settings, process_environ

DAGS = """
import os, subprocess
from datetime import datetime, timezone
from airflow.sdk import DAG, CronPartitionTimetable, task

daily = CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d")
start = datetime(2026, 1, 1, tzinfo=timezone.utc)

with DAG("tiny", schedule=daily, start_date=start, catchup=False):
    @task
    def tell(*, dag_run):
        print("night of", dag_run.partition_key)
        print("home is", os.environ["NIGHTSHELF_HOME"])
    tell()

with DAG("lingering", schedule=daily, start_date=start, catchup=False):
    @task
    def leave_something_behind():
        subprocess.Popen(["sleep", "7391"], start_new_session=True)
        subprocess.run(["sleep", "7392"])
    leave_something_behind()
"""

MINUTES = 60.0


class House:
    """A home, a checkout that holds the DAGs above, and the words that were said."""

    def __init__(self, folder: Path):
        (folder / "checkout" / "dags").mkdir(parents=True)
        (folder / "checkout" / "dags" / "tiny.py").write_text(DAGS)
        free = next(port for port in range(18080, 18180) if ports.is_free(port))
        self.settings = Settings(home=folder / "home", jars=folder / "jars", airflow_port=free)
        self.repo = folder / "checkout"
        self.said = []

    def up(self):
        return services.up(self.settings, self.repo, process_environ(), self.said.append)

    def down(self):
        services.down(self.settings, self.said.append)

    @property
    def data(self):
        return self.settings.home / "airflow" / "postgres"

    def left(self):
        """All that still runs of this house."""
        server = postgres.server(self.data)
        mark = str(self.settings.home / "airflow")
        return [*processes.marked(mark), *([server] if server else [])]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house").resolve())
    house.up()
    yield house
    house.down()


@pytest.fixture
def airflow(house):
    return services.status(house.settings)


@pytest.fixture
def client(airflow):
    return airflow.client()


def test_all_four_are_healthy(airflow, client):
    assert airflow.is_whole
    assert {part: said["status"] for part, said in client.health().items()} == dict.fromkeys(
        ("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy"
    )


def test_a_run_by_hand_gets_its_date_and_the_settings(house, client):
    client.set_paused("tiny", paused=False)
    run = client.trigger("tiny", partition_key="2026-01-02")
    assert client.wait("tiny", run, 2 * MINUTES) == "success"
    [task] = client.task_instances("tiny", run)
    assert (task["task_id"], task["state"]) == ("tell", "success")
    log = client.log("tiny", run, "tell")
    assert "night of 2026-01-02" in log
    assert f"home is {house.settings.home}" in log


def test_a_backfill_runs_each_of_its_dates(client):
    client.set_paused("tiny", paused=False)
    backfill = client.backfill("tiny", (date(2026, 2, 1), date(2026, 2, 2)), max_active_runs=2)
    assert client.wait_for_backfill(backfill, 4 * MINUTES) == {
        "2026-02-01": "success",
        "2026-02-02": "success",
    }


def test_a_run_can_be_deleted(client):
    run = client.trigger("tiny", partition_key="2026-03-01")
    client.wait("tiny", run, 2 * MINUTES)
    client.delete_run("tiny", run)
    with pytest.raises(Refused, match="404"):
        client.run("tiny", run)


def test_what_has_not_ended_in_time_says_so(client):
    with pytest.raises(NotReady, match="the file of DAG no_such after 0 s"):
        client.set_paused("no_such", paused=False, seconds=0.0)


def test_nothing_listens_beyond_this_machine(house):
    addresses = {
        connection.laddr.ip
        for process in house.left()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_nobody_gets_in_without_a_password(airflow):
    anonymous = Session("127.0.0.1", airflow.port, "admin", "guess")
    for method, path in (("GET", "/api/v2/dags"), ("GET", "/auth/token")):
        with pytest.raises(Refused) as refused:
            anonymous.ask_anonymously(method, path)
        assert refused.value.status in (401, 403)
    with pytest.raises(Refused, match="401"):
        anonymous.ask("GET", "/api/v2/dags")


def test_a_viewer_reads_and_does_not_run(airflow):
    viewer = airflow.client("viewer")
    assert viewer.runs("tiny") is not None
    with pytest.raises(Refused, match="403"):
        viewer.trigger("tiny", partition_key="2026-01-03")


@pytest.mark.parametrize("name", ["passwords", "state"])
def test_secrets_are_for_their_owner_only(airflow, name):
    assert stat.S_IMODE(getattr(airflow.place, name).stat().st_mode) == 0o600


def test_starting_twice_starts_nothing(house, airflow):
    house.said.clear()
    assert house.up().processes == airflow.processes
    passwords = json.loads(airflow.place.passwords.read_text())
    assert house.said == [
        "Airflow is already running",
        f"Airflow: {airflow.url}  user: admin  password: {passwords['admin']}",
        f"  passwords of all users: {airflow.place.passwords}",
    ]


def test_after_a_kill_it_starts_again_and_down_leaves_nothing_running(house, airflow):
    for one in [*airflow.processes.values(), postgres.server(house.data)]:
        os.kill(one.pid, signal.SIGKILL)
    # On a busy machine it takes them a while to die; until then they are running.
    wait_until(lambda: not any(one.is_alive for one in airflow.processes.values()))
    again = house.up()
    assert again.is_whole
    assert set(again.processes.values()).isdisjoint(airflow.processes.values())

    client = again.client()
    client.set_paused("lingering", paused=False)
    client.trigger("lingering", partition_key="2026-01-02")
    wait_until(lambda: set(sleeping()) == {"7391", "7392"})
    family = [*sleeping().values(), *descendants(again, house.data)]

    house.down()
    assert [process for process in family if is_alive(process)] == []
    assert house.left() == []
    assert services.status(house.settings).processes == {}
    house.down()
    assert house.said[-1] == "Stopped: nothing is left running"


def wait_until(seen, seconds=2 * MINUTES):
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def is_alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def sleeping():
    """What the task `leave_something_behind` started, wherever it hangs in the tree by now."""
    found = [p for p in psutil.process_iter(["name", "cmdline"]) if p.info["name"] == "sleep"]
    return {p.info["cmdline"][-1]: p for p in found if p.info["cmdline"][-1] in ("7391", "7392")}


def descendants(airflow, data):
    """By parentage, not by the mark that `down` itself goes by."""
    roots = [*(one.process() for one in airflow.processes.values()), postgres.server(data)]
    return [process for root in roots for process in (root, *root.children(recursive=True))]
