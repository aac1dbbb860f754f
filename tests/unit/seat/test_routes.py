"""Every route, with Airflow's login, permissions and runs as fakes."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import Depends, Header, HTTPException
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.unit.seat.filled import DRIFT, LOST, NOW

from nightshelf.night.context import Context
from nightshelf.night.step import run_name
from nightshelf.ops import actions, runs
from nightshelf.seat import app as app_module
from nightshelf.seat.access import Access
from nightshelf.seat.app import make_app

ORIGIN = "http://127.0.0.1:8080"
ADA = {"X-User": "ada", "Origin": ORIGIN}
VIEWER = {"X-User": "viewer", "Origin": ORIGIN}
WHY = {"reason": "a sale since noon"}
#: One valid request for every write route there is.
WRITES = {
    "/runs/{run}/approve": ("/runs/n1/approve", WHY),
    "/runs/{run}/reject": ("/runs/n1/reject", WHY),
    "/runs/{run}/caps": ("/runs/n1/caps", {**WHY, "over_cap": "take"}),
    "/dates/{date}/dismiss": ("/dates/2026-03-30/dismiss", WHY),
    "/releases/{release}/rollback": ("/releases/1/rollback", WHY),
}
READS = {
    "/runs/{run}": "/runs/n1",
    "/runs/{run}/report": "/runs/n1/report",
    "/run-of": "/run-of?dag=nightly&origin=x",
    "/runs/{run}/steps/{step}": "/runs/n1/steps/ask",
    "/step-of": "/step-of?dag=nightly&origin=x&step=ask",
    "/static/{name}": "/static/page.js",
}


@dataclass
class FakeAirflow:
    """Keeps what was asked of it; `runs` are those of any date."""

    runs: list[str] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    waiting: bool = False

    def trigger(self, dag, conf):
        self.asked.append(("trigger", dag, conf["run"], conf["reason"]))
        return "manual__1"

    def runs_of(self, dag, partition_key):
        return self.runs

    def is_waiting(self, dag, run, task):
        return self.waiting

    def answer(self, dag, run, task, chosen, reason):
        self.asked.append(("answer", dag, run, task, chosen, reason))

    def clear(self, dag, run, task):
        self.asked.append(("clear", dag, run, task))


def user(x_user: Annotated[str | None, Header()] = None):
    if x_user is None:
        raise HTTPException(401, "Not authenticated")
    return SimpleNamespace(get_name=lambda: x_user)


def reads(who: Annotated[object, Depends(user)]):
    return who


def acts(who: Annotated[object, Depends(user)]):
    if who.get_name() == "viewer":
        raise HTTPException(403, "Forbidden")


@pytest.fixture
def airflow():
    return FakeAirflow()


@pytest.fixture
def client(settings, airflow, monkeypatch):
    context = Context(settings, lambda: NOW, lambda _: None)
    monkeypatch.setattr(app_module, "_context", lambda: context)
    monkeypatch.setattr(app_module, "utc_now", lambda: NOW)
    can_act = lambda one: one.get_name() != "viewer"  # noqa: E731
    access = Access(user, reads, acts, can_act, lambda: airflow, ORIGIN)
    return TestClient(make_app(access), base_url=ORIGIN)


def routes(client, method):
    return [one.path for one in every(client.app.routes) if method in one.methods]


def every(found):
    """However FastAPI nests routers."""
    for one in found:
        if isinstance(one, APIRoute):
            yield one
        elif nested := getattr(one, "original_router", None) or getattr(one, "router", None):
            yield from every(nested.routes)


def test_every_route_asks_for_a_login_and_every_write_for_more(client):
    gets, posts = routes(client, "GET"), routes(client, "POST")
    assert (len(gets), sorted(posts)) == (15, sorted(WRITES))
    for path in gets:
        assert client.get(READS.get(path, path)).status_code == 401, path
        assert client.get(READS.get(path, path), headers=VIEWER).status_code in (200, 404), path
    for path, body in WRITES.values():
        for headers in ({}, {"Origin": ORIGIN}):
            assert client.post(path, json=body, headers=headers).status_code == 401, path
        assert client.post(path, json=body, headers=VIEWER).status_code == 403, path


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/static/../app.py", "/"])
def test_nothing_else_is_there(client, path):
    assert client.get(path, headers=ADA).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-User": "ada", "Origin": "http://evil.example"}, 403),
        ({"X-User": "ada", "Origin": "http://127.0.0.1:9999"}, 403),
        ({"X-User": "ada", "Origin": "null"}, 403),
        ({"X-User": "ada", "Cookie": "_token=x"}, 403),
        ({"X-User": "ada", "Cookie": "_token=x", "Authorization": "Bearer x"}, 403),
        ({"X-User": "ada", "Authorization": "Bearer x", "Origin": "http://evil.example"}, 403),
        # A script with a token of its own; the run is not there, which is another matter.
        ({"X-User": "ada", "Authorization": "Bearer x"}, 409),
        (ADA, 409),
    ],
)
def test_a_write_comes_from_airflow_s_own_pages(client, headers, status):
    answer = client.post("/runs/n1/reject", json=WHY, headers=headers)
    assert answer.status_code == status
    assert "api.base_url" in answer.json()["detail"] or status != 403


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/runs/n1/reject", {"reason": "no"}, 422, "reason: String should have at least 3"),
        ("/runs/n1/reject", {"reason": "  \t "}, 422, "reason: String should have at least 3"),
        ("/runs/n1/reject", {"reason": "two\nlines"}, 422, "one line of plain text"),
        ("/runs/n1/reject", {"reason": "\x1b[2Jgone"}, 422, "one line of plain text"),
        ("/runs/n1/reject", {}, 422, "reason: Field required"),
        ("/runs/n1/reject", {**WHY, "by": "bob"}, 422, "by: Extra inputs are not permitted"),
        ("/runs/n1/reject", {"reason": "x" * 11_000}, 413, "at most 10000 bytes"),
        ("/runs/%3Cscript%3E/reject", WHY, 422, "run: String should match"),
        ("/runs/n1/caps", {**WHY, "rows": -1}, 422, "rows: Input should be greater"),
        ("/runs/n1/caps", WHY, 409, "say what the run may ask"),
        ("/runs/n1/caps", {**WHY, "rows": 5}, 409, "no run is called n1"),
        ("/dates/2026-13-01/dismiss", WHY, 422, "date: String should match"),
        ("/dates/2026-03-01/dismiss", WHY, 409, "is not a date that a rollback withdrew"),
        ("/releases/7/rollback", WHY, 409, "nothing was released yet"),
        ("/runs/n1/approve", WHY, 409, "no release of a run n1 is held"),
    ],
)
def test_what_cannot_be_done_says_why(client, path, body, status, said):
    answer = client.post(path, json=body, headers=ADA)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_answers_forbid_the_browser_to_run_anything_else(client):
    policy = client.get("/verdict", headers=ADA).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get("/verdict").headers["x-content-type-options"] == "nosniff"


def test_the_page_is_there_with_its_kind(client):
    for name, kind in (("page.js", "text/javascript"), ("page.css", "text/css")):
        answer = client.get(f"/static/{name}", headers=VIEWER)
        assert (answer.status_code, kind in answer.headers["content-type"]) == (200, True)


def test_who_one_is(client):
    assert client.get("/me", headers=ADA).json() == {"name": "ada", "may_act": True}
    assert client.get("/me", headers=VIEWER).json() == {"name": "viewer", "may_act": False}


def test_an_approval_is_a_run_of_the_dag_that_assembles_again(client, nights, airflow):
    nights.hold(nights.add("2026-03-30", runs.HELD, run="n1"), DRIFT)
    answer = client.post("/runs/n1/approve", json=WHY, headers=ADA)
    assert (answer.status_code, answer.json()["dag_run"]) == (200, "manual__1")
    assert airflow.asked == [("trigger", "approve", "n1", "a sale since noon")]
    [one] = client.get("/actions", headers=ADA).json()["actions"]
    assert (one["who"], one["action"], one["subject"]) == ("ada", "approve", "n1")


@pytest.mark.parametrize(("word", "chosen"), [("approve", "Approve"), ("reject", "Reject")])
@pytest.mark.parametrize(
    ("known", "waiting"), [(True, True), (True, False), (False, True)], ids=["asks", "not", "gone"]
)
def test_a_task_that_waits_is_answered(client, nights, airflow, word, chosen, known, waiting):
    run = run_name("2026-03-30", "scheduled__1")
    nights.hold(nights.add("2026-03-30", runs.HELD, run=run), DRIFT)
    airflow.runs, airflow.waiting = ["scheduled__1"] * known, waiting
    assert client.post(f"/runs/{run}/{word}", json=WHY, headers=ADA).status_code == 200
    answered = ("answer", "nightly", "scheduled__1", "release", chosen, WHY["reason"])
    assert (answered in airflow.asked) == (known and waiting)
    assert len(airflow.asked) == (known and waiting) or airflow.asked[0][0] == "trigger"
    # Not here, where the task does it.
    dismissed = word == "reject" and not (known and waiting)
    assert (runs.read_run(nights.ops, run)["state"] == "dismissed") == dismissed


@pytest.mark.parametrize("run", ["n1", "last", "n9"])
def test_a_report_is_a_page_that_loads_nothing_but_its_style(client, nights, run):
    nights.hold(nights.add("2026-03-30", runs.HELD, run="n1"), DRIFT)
    answer = client.get(f"/runs/{run}/report", headers=ADA)
    if run != "n1":
        assert (answer.status_code, run in answer.json()["detail"]) == (404, True)
        return
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert "n1" in answer.text


STEPS = [
    ("ingest", {"accounting", "rejected", "plan"}),
    ("plan", {"plan", "cost", "questions"}),
    ("ask", {"waves", "failures", "models"}),
    ("assemble", {"accounting", "audit", "release"}),
    ("release", {"audit", "decision"}),
    ("approve", {"release", "audit"}),
]


@pytest.mark.parametrize(("step", "has"), STEPS)
def test_a_task_has_a_report_of_its_own(client, nights, step, has):
    run = run_name("2026-03-30", "scheduled__1")
    nights.hold(nights.add("2026-03-30", runs.HELD, run=run), DRIFT)
    of_run = client.get(f"/runs/{run}/steps/{step}", headers=VIEWER)
    assert (of_run.status_code, of_run.json()["step"], of_run.json()["run"]) == (200, step, run)
    assert has <= set(of_run.json())
    found = client.get(f"/step-of?dag=nightly&origin=scheduled__1&step={step}", headers=VIEWER)
    assert found.json() == of_run.json()


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("runs/n1/steps/ready", 404, "the task ready has no report"),
        ("runs/n9/steps/ask", 404, "no run is called n9"),
        ("step-of?dag=nightly&origin=x&step=ask", 404, "this run has not begun"),
        ("runs/n1/steps/ask?rows=4000", 422, "rows: Input should be less"),
        ("runs/n1/steps/ask?offset=-1", 422, "offset: Input should be greater"),
        (f"step-of?dag=nightly&origin={'x' * 251}&step=ask", 422, "origin: String should have"),
    ],
)
def test_a_task_without_a_report_says_why(client, nights, path, status, said):
    nights.add("2026-03-30", runs.FAILED, run="n1")
    answer = client.get(f"/{path}", headers=ADA)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_what_is_broken_is_not_approved(client, nights, airflow):
    nights.hold(nights.add("2026-03-30", runs.HELD, run="n1"), LOST)
    answer = client.post("/runs/n1/approve", json=WHY, headers=ADA)
    assert (answer.status_code, airflow.asked) == (409, [])
    assert actions.recent(nights.ops, limit=1) == []


def test_a_rejection_is_kept_with_the_run(client, nights, settings):
    nights.hold(nights.add("2026-03-30", runs.HELD, run="n1"), DRIFT)
    assert client.post("/runs/n1/reject", json=WHY, headers=ADA).status_code == 200
    row = runs.read_run(nights.ops, "n1")
    assert (row["state"], row["decision"]["who"]) == ("dismissed", "ada")


@pytest.mark.parametrize("is_known", [True, False])
def test_a_cap_is_kept_and_the_run_goes_on(client, nights, airflow, is_known):
    run = run_name("2026-03-30", "scheduled__1")
    nights.add("2026-03-30", runs.HELD, run=run, texts=9_000, step="plan")
    airflow.runs = ["manual__x", "scheduled__1"] if is_known else ["manual__x"]
    answer = client.post(f"/runs/{run}/caps", json={**WHY, "rows": 9_000}, headers=ADA)
    caps = runs.read_run(nights.ops, run)["caps"]
    assert (caps["rows"], caps["by"], caps["reason"]) == (9_000, "ada", "a sale since noon")
    cleared = [("clear", "nightly", "scheduled__1", "plan")] if is_known else []
    assert airflow.asked == cleared
    said = "goes on from its plan" if is_known else f"night --date 2026-03-30 --run {run}"
    assert said in answer.json()["said"]


def test_a_rollback_is_a_release_and_its_dates_can_be_dismissed(client, nights):
    nights.add("2026-03-29")
    nights.add("2026-03-30")
    answer = client.post("/releases/1/rollback", json=WHY, headers=ADA)
    assert answer.json()["release"] == 3
    newest = client.get("/releases", headers=ADA).json()["releases"][0]
    assert (newest["kind"], newest["reason"]) == ("rollback", "a sale since noon")
    client.post("/dates/2026-03-30/dismiss", json=WHY, headers=ADA)
    assert client.get("/needs", headers=ADA).json()["items"] == []


@pytest.mark.parametrize(
    "query", ["until=tomorrow", "until=2026-02-41", "days=0", "days=4000", "days=x"]
)
def test_a_stretch_of_days_is_bounded(client, query):
    assert client.get(f"/calendar?{query}", headers=ADA).status_code == 422
