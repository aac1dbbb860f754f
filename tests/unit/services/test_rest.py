"""The client against a small server on loopback that keeps Airflow's manners."""

import json
import socket
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from nightshelf.errors import NotReady
from nightshelf.services.rest import Client
from nightshelf.services.transport import NoAnswer, Refused, Session

RUN = "manual__2026-01-01T00:00:00+00:00"
RUN_PATH = "/api/v2/dags/nightly/dagRuns/manual__2026-01-01T00%3A00%3A00%2B00%3A00"


class Airflow(ThreadingHTTPServer):
    """Answers what it was taught; forgets tokens when told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answers, self.tokens = [], {}, 0


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        if self.path == "/auth/token":
            return self.log_in(body)
        if self.headers.get("Authorization") != f"Bearer token-{self.server.tokens}":
            return self.send(401, {"detail": "Not authenticated"})
        self.server.asked.append((self.command, self.path, body))
        return self.send(*self.server.answers.get(self.path, (404, {"detail": "Not found"})))

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_in(self, body):
        if body != {"username": "admin", "password": "right"}:
            return self.send(401, {"detail": "Invalid credentials"})
        self.server.tokens += 1
        return self.send(201, {"access_token": f"token-{self.server.tokens}"})

    def send(self, status, content):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def airflow():
    with Airflow() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def client(airflow):
    return Client(Session("127.0.0.1", airflow.server_address[1], "admin", "right"))


def test_a_run_by_hand_has_a_key_and_no_logical_date(airflow, client):
    airflow.answers["/api/v2/dags/nightly/dagRuns"] = (200, {"dag_run_id": RUN})
    assert client.trigger("nightly", partition_key="2026-01-01", conf={"a": 1}) == RUN
    body = {"logical_date": None, "partition_key": "2026-01-01", "conf": {"a": 1}}
    assert airflow.asked == [("POST", "/api/v2/dags/nightly/dagRuns", body)]


def test_a_backfill_holds_its_last_date_whole(airflow, client):
    airflow.answers["/api/v2/backfills"] = (200, {"id": 7})
    dates = date(2026, 1, 1), date(2026, 1, 2)
    assert client.backfill("nightly", dates, max_active_runs=2, reprocess="completed") == 7
    [(_, _, body)] = airflow.asked
    assert (body["from_date"], body["to_date"]) == ("2026-01-01T00:00:00Z", "2026-01-02T23:59:59Z")
    assert (body["max_active_runs"], body["reprocess_behavior"]) == (2, "completed")


def test_a_backfill_tells_its_own_runs_only_and_the_newest_of_a_date(airflow, client):
    begun = {"dag_id": "nightly", "created_at": "2026-02-01T10:00:00Z", "completed_at": "later"}
    airflow.answers["/api/v2/backfills/7"] = (200, begun)
    runs = [
        run("2026-01-02", "success", "2026-02-01T10:00:02Z"),
        run("2026-01-01", "success", "2026-02-01T10:00:01Z"),
        run("2026-01-01", "failed", "2026-02-01T10:00:00.500Z"),
        run("2026-01-03", "failed", "2026-01-15T10:00:00Z"),
    ]
    path = "/api/v2/dags/nightly/dagRuns?limit=100&order_by=-id&run_type=backfill"
    airflow.answers[path] = (200, {"dag_runs": runs})
    assert client.wait_for_backfill(7, 1.0) == {"2026-01-01": "success", "2026-01-02": "success"}


def run(key, state, queued_at):
    return {"partition_key": key, "state": state, "queued_at": queued_at}


@pytest.mark.parametrize("state", ["success", "failed"])
def test_a_run_that_has_ended_tells_how(airflow, client, state):
    airflow.answers[RUN_PATH] = (200, {"state": state})
    assert client.wait("nightly", RUN, 0.0) == state


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_that_does_not_end_is_not_waited_for_forever(airflow, client, state):
    airflow.answers[RUN_PATH] = (200, {"state": state})
    with pytest.raises(NotReady, match=r"nightly manual__.* has not ended after 0 s"):
        client.wait("nightly", RUN, 0.0)


def test_a_log_is_its_events(airflow, client):
    content = {"content": [{"event": "one"}, {"event": "two", "timestamp": "…"}]}
    airflow.answers[f"{RUN_PATH}/taskInstances/ask/logs/2?full_content=true"] = (200, content)
    assert client.log("nightly", RUN, "ask", attempt=2) == "one\ntwo"


def test_a_deleted_run_leaves_no_answer(airflow, client):
    airflow.answers[RUN_PATH] = (204, b"")
    client.delete_run("nightly", RUN)
    assert airflow.asked == [("DELETE", RUN_PATH, None)]


def test_a_run_is_ended_as_failed(airflow, client):
    path = f"{RUN_PATH}?update_mask=state"
    airflow.answers[path] = (200, {"state": "failed"})
    client.end_run("nightly", RUN)
    assert airflow.asked == [("PATCH", path, {"state": "failed"})]


def test_a_token_that_is_no_longer_known_is_renewed(airflow, client):
    airflow.answers[RUN_PATH] = (200, {"state": "success"})
    client.run("nightly", RUN)
    airflow.tokens += 1
    assert client.run("nightly", RUN) == {"state": "success"}


def test_a_wrong_password_is_said(airflow):
    session = Session("127.0.0.1", airflow.server_address[1], "admin", "wrong")
    with pytest.raises(Refused, match="401 to POST /auth/token: Invalid credentials"):
        Client(session).run("nightly", RUN)


@pytest.mark.parametrize(
    ("content", "reason"), [({"detail": "is running"}, "is running"), (b"<html>", "<html>")]
)
def test_a_no_says_why(airflow, client, content, reason):
    airflow.answers[RUN_PATH] = (409, content)
    with pytest.raises(Refused, match=f"409 to GET {RUN_PATH}: {reason}") as refused:
        client.run("nightly", RUN)
    assert refused.value.status == 409


def test_where_nothing_listens_it_says_so():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NoAnswer, match=f"does not answer on http://127.0.0.1:{port}"):
        Client(Session("127.0.0.1", port, "admin", "right")).health()


def test_a_dag_that_is_not_read_yet_is_waited_for_and_named(airflow, client):
    with pytest.raises(NotReady, match="has not read the file of DAG nightly"):
        client.set_paused("nightly", paused=False, seconds=0.0)
    airflow.answers["/api/v2/dags/nightly"] = (200, {})
    airflow.answers["/api/v2/dags/nightly?update_mask=is_paused"] = (200, {})
    client.set_paused("nightly", paused=False)
    assert airflow.asked[-1][::2] == ("PATCH", {"is_paused": False})
