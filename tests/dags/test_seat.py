"""The page behind Airflow's own login and permissions, in its own API server's app."""

import json
from pathlib import Path

import pytest

ORIGIN = "http://127.0.0.1:8080"
READS = [
    *("verdict", "needs", "tonight", "live", "me", "calendar", "trends", "releases", "actions"),
    *("runs/n1", "runs/n1/report", "run-of?dag=nightly&origin=x", "static/page.js"),
    *("runs/n1/steps/ask", "step-of?dag=nightly&origin=x&step=ask"),
]
WRITES = [
    *("runs/n1/approve", "runs/n1/reject", "runs/n1/caps"),
    *("dates/2026-03-01/dismiss", "releases/999/rollback"),
]
WHY = {"reason": "a sale since noon"}


@pytest.fixture(scope="module")
def api():
    patch = pytest.MonkeyPatch()
    users = "admin:admin,oncall:user,viewer:viewer"
    patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", users)
    patch.setenv("AIRFLOW__API__BASE_URL", ORIGIN)
    from airflow import plugins_manager
    from fastapi.testclient import TestClient

    from nightshelf.seat.plugin import NightshelfSeat

    # As if it were installed, whether it is or not.
    patch.setattr(plugins_manager, "_get_plugins", lambda: ([NightshelfSeat()], {}))
    for collected in ("get_fastapi_plugins", "_get_ui_plugins"):
        getattr(plugins_manager, collected).cache_clear()
    from airflow.api_fastapi.main import app

    yield TestClient(app, base_url=ORIGIN)
    patch.undo()


@pytest.fixture(scope="module")
def login(api):
    """The headers of a user who is logged in, on Airflow's own pages."""
    from airflow.api_fastapi.app import get_auth_manager

    file = Path(get_auth_manager().get_generated_password_file())
    passwords = json.loads(file.read_text())

    def log_in(name):
        given = {"username": name, "password": passwords[name]}
        token = api.post("/auth/token", json=given).json()["access_token"]
        return {"Cookie": f"_token={token}", "Origin": ORIGIN}

    return log_in


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_without_a_login(api, login, path):
    assert api.get(f"/nightshelf/{path}").status_code == 401
    assert api.get(f"/nightshelf/{path}", headers=login("viewer")).status_code in (200, 404)


@pytest.mark.parametrize("path", WRITES)
def test_who_may_only_look_decides_nothing(api, login, path):
    def status(headers):
        body = {**WHY, "over_cap": "take"} if path.endswith("caps") else WHY
        return api.post(f"/nightshelf/{path}", json=body, headers=headers).status_code

    assert [status({}), status({"Origin": ORIGIN})] == [401, 401]
    assert status(login("viewer")) == 403
    assert status(login("oncall") | {"Origin": "http://evil.example"}) == 403
    # Let in; there is nothing of the kind to decide on.
    assert status(login("oncall")) == 409


def test_roles_are_told(api, login):
    answers = [api.get("/nightshelf/me", headers=login(one)).json() for one in ("oncall", "viewer")]
    assert [one["may_act"] for one in answers] == [True, False]


def test_all_of_airflow_tells_browsers_what_may_be_loaded(api, login):
    own = api.get("/nightshelf/me", headers=login("viewer")).headers["content-security-policy"]
    assert "default-src 'none'" in own
    rest = api.get("/api/v2/version").headers["content-security-policy"]
    assert "default-src 'self'" in rest


def test_the_plugin_shows_a_page_and_two_tabs(api, login):
    found = api.get("/api/v2/plugins", headers=login("admin")).json()["plugins"]
    apps = {one["name"]: one["destination"] for one in found[0]["react_apps"]}
    assert apps == {
        "Nightshelf": "nav",
        "Run report": "dag_run",
        "Task report": "task_instance",
    }
