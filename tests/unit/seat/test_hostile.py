"""Every route, over a home full of hostile strings: JSON carries them, HTML shows them as text."""

import json
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from tests.unit.hostile import HOSTILE, storable
from tests.unit.parsed import Parsed
from tests.unit.seat.filled import NOW
from tests.unit.seat.hostile_home import LAKE_RUN, day_of, fill, run_of
from tests.unit.seat.test_routes import ADA, ORIGIN, READS, FakeAirflow, routes

from nightshelf.night.context import Context
from nightshelf.report.run import REPORTED
from nightshelf.report.text import visible
from nightshelf.seat import app as app_module
from nightshelf.seat.access import Access
from nightshelf.seat.app import make_app
from nightshelf.seat.sources import shortened
from nightshelf.settings import Settings

PLACES = range(len(HOSTILE))
STORED = [storable(one) for one in HOSTILE]
WHO = {"name": "ada"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    fill(settings)
    user = SimpleNamespace(get_name=lambda: WHO["name"])
    let_in = lambda: user  # noqa: E731
    access = Access(let_in, let_in, let_in, lambda _: True, lambda: FakeAirflow(), ORIGIN)
    patch = pytest.MonkeyPatch()
    context = Context(settings, lambda: NOW, lambda _: None)
    patch.setattr(app_module, "_context", lambda: context)
    patch.setattr(app_module, "utc_now", lambda: NOW)
    yield TestClient(make_app(access), base_url=ORIGIN)
    patch.undo()


def said(client, path, status=200):
    """Every string and name of the JSON that a route answers."""
    answer = client.get(path, headers=ADA)
    assert answer.status_code == status, f"{path}: {answer.text[:300]}"
    return told_in(answer)


def told_in(answer):
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    # Half a character can only be carried escaped: as bytes it would not be UTF-8.
    return set(strings(json.loads(answer.content.decode("ascii"))))


def strings(value):
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def missing(expected, found):
    return [one for one in expected if one not in found]


def test_there_are_as_many_as_promised():
    assert len(HOSTILE) == len(set(HOSTILE)) >= 200


def test_no_route_is_forgotten(client):
    covered = {*READS, "/verdict", "/needs", "/tonight", "/live", "/me", "/calendar", "/trends"}
    assert set(routes(client, "GET")) == covered | {"/releases", "/actions"}


@pytest.mark.parametrize("place", PLACES)
def test_a_run_carries_it(client, place):
    text, name = HOSTILE[place], quote(HOSTILE[place], safe="", errors="replace")
    found = said(client, f"/runs/{run_of(place)}")
    # Of an error and of evidence, what would move a cursor or turn a line around is left out.
    assert missing({text, STORED[place], shortened(STORED[place])}, found) == []
    of_origin = client.get("/run-of", params={"dag": "nightly", "origin": STORED[place]})
    if storable(text) == text:
        assert told_in(of_origin) == found
    assert said(client, f"/step-of?dag={name}&origin={name}&step={name}", 404)
    for path in (f"/runs/{name}", f"/runs/{name}/steps/{name}"):
        answer = client.get(path, headers=ADA)
        assert answer.status_code in (404, 422)
        told_in(answer)
    assert client.get(f"/static/{name}", headers=ADA).status_code in (404, 422)


@pytest.mark.parametrize("place", PLACES)
def test_a_task_carries_it_as_it_is(client, place):
    step = ("ingest", "ask", "assemble")[place % 3]
    assert HOSTILE[place] in said(client, f"/runs/{run_of(place)}/steps/{step}")


@pytest.fixture(scope="module")
def plain(client):
    """What the page of a run is made of where nothing in it is hostile."""
    place = HOSTILE.index("constructor")
    return Parsed(client.get(f"/runs/{run_of(place)}/report", headers=ADA).text)


@pytest.mark.parametrize("place", PLACES[::5])
def test_the_report_of_a_run_shows_it_as_text(client, plain, place):
    # Every fifth: tests/unit/report puts each of them into every place of the page.
    answer = client.get(f"/runs/{run_of(place)}/report", headers=ADA)
    assert answer.headers["content-type"].startswith("text/html")
    found = Parsed(answer.text)
    assert found.elements == plain.elements
    assert found.links == []
    assert " ".join(visible(HOSTILE[place]).split()) in found.text


def test_ids_files_and_fields_of_rows_page_by_page(client):
    failed, refused = set(), set()
    for offset in range(0, len(HOSTILE), 200):
        path = f"/runs/{LAKE_RUN}/steps/{{}}?rows=200&offset={offset}"
        refused |= said(client, path.format("ingest"))
        failed |= said(client, path.format("ask"))
    assert missing(STORED, refused) == []
    # A sample of at most 200 of them.
    assert len([one for one in set(STORED) if one in failed]) == 200


@pytest.mark.parametrize("step", REPORTED)
def test_no_title_of_a_product_is_told(client, step):
    titles = {f"title {one}" for one in STORED}
    for path in (f"/runs/{LAKE_RUN}/steps/{step}", f"/runs/{LAKE_RUN}", "/needs", "/releases"):
        assert not titles & said(client, path)


def test_what_runs_now(client):
    assert missing(HOSTILE, said(client, "/live")) == []


def test_days_and_trends(client):
    found = set()
    for place in (91, 183, 275):
        found |= said(client, f"/calendar?days=92&until={day_of(place)}")
        assert said(client, f"/trends?days=92&until={day_of(place)}")
    assert missing(map(shortened, STORED), found) == []
    assert said(client, "/verdict")
    assert said(client, "/tonight")


def test_releases_page_by_page(client):
    found, before = set(), len(HOSTILE) + 1
    while before > 1:
        found |= said(client, f"/releases?limit=100&before={before}")
        before -= 100
    assert missing({*STORED, *map(shortened, STORED)}, found) == []


def test_who_one_is(client, monkeypatch):
    for text in HOSTILE:
        monkeypatch.setitem(WHO, "name", text)
        assert text in said(client, "/me")


# Last: it takes what waits away, and the reasons of those who do stand in the runs from then on.


def test_what_needs_a_person_and_the_reasons_that_they_give(client):
    waiting, decided = set(), set()
    for place, text in enumerate(HOSTILE):
        if place % 50 == 0:
            waiting |= said(client, "/needs")
        body = json.dumps({"reason": text}).encode()
        answer = client.post(f"/runs/{run_of(place)}/reject", content=body, headers=ADA | JSON)
        told_in(answer)
        is_taken = text.strip().isprintable() and len(text.strip()) >= 3
        assert answer.status_code == (200 if is_taken else 422), (place, text, answer.text)
        if is_taken:
            assert text.strip() in said(client, f"/runs/{run_of(place)}")
            decided.add(text.strip())
        else:
            client.post(f"/runs/{run_of(place)}/reject", json={"reason": "spam"}, headers=ADA)
        if place % 100 == 99 or text is HOSTILE[-1]:
            assert missing(decided, said(client, "/actions?limit=100")) == []
            decided.clear()
    assert missing(map(shortened, STORED), waiting) == []


JSON = {"Content-Type": "application/json"}
