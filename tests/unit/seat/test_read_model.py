"""What the page says of nights that were written by hand."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.unit.seat.filled import DRIFT, LOST, NOW

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.rollback import rollback
from nightshelf.night.step import run_name
from nightshelf.ops import actions, runs
from nightshelf.ops.decisions import Decision
from nightshelf.ops.schema import RUNS
from nightshelf.seat.calendar import calendar
from nightshelf.seat.live import live
from nightshelf.seat.needs import needs
from nightshelf.seat.releases import releases
from nightshelf.seat.run import run_detail, run_of_origin
from nightshelf.seat.sources import open_sources
from nightshelf.seat.tonight import tonight
from nightshelf.seat.trends import trends
from nightshelf.seat.verdict import verdict

READS = (calendar, live, needs, releases, tonight, trends, verdict)


def on(found, date):
    [one] = [one for one in found["days"] if one["date"] == date]
    return one


def test_an_empty_home_is_no_error(sources):
    for read in READS:
        json.dumps(read(sources))


def test_what_is_said_is_plain_json(nights, sources):
    nights.add("2026-03-28")
    nights.hold(nights.add("2026-03-29", runs.HELD))
    nights.work(nights.add("2026-03-30", runs.RUNNING, step="ask"))
    for read in READS:
        said = read(sources)
        assert json.loads(json.dumps(said)) == said


def test_nothing_can_be_changed_through_the_page_s_connection(nights, sources):
    nights.add("2026-03-30", runs.UNCHANGED)
    with pytest.raises(sa.exc.OperationalError, match="readonly"), sources.ops.begin() as db:
        db.execute(sa.delete(RUNS))


def test_a_day_tells_what_its_night_came_to(nights, sources):
    nights.add("2026-03-30", texts=1000, failures={"OutOfMemory": 2, "RowTooLong": 1})
    one = on(calendar(sources), "2026-03-30")
    assert (one["state"], one["release"], one["asked"], one["reused"]) == ("released", 1, 1000, 666)
    assert (one["failed"], one["rejected"]) == (3, 9)
    assert one["cost"] == pytest.approx(1000 * 44 * 2.0 / 1e6)
    assert one["started_at"] == "2026-03-31T00:04:00+00:00"


@pytest.mark.parametrize(
    ("state", "is_held", "shown"),
    [
        (runs.RELEASED, False, "released"),
        (runs.UNCHANGED, False, "unchanged"),
        (runs.HELD, False, "held"),
        (runs.FAILED, False, "failed"),
        (runs.DISMISSED, False, "dismissed"),
        (runs.RUNNING, True, "running"),
        # Nobody holds its date: the machine went down.
        (runs.RUNNING, False, "stopped"),
        # A look at what would be asked is no night.
        (runs.PLANNED, False, "missing"),
    ],
)
def test_how_a_night_stands(nights, sources, state, is_held, shown):
    nights.add("2026-03-20", runs.UNCHANGED)
    run = nights.add("2026-03-30", state)
    if is_held:
        nights.work(run)
    assert on(calendar(sources), "2026-03-30")["state"] == shown


def test_a_date_without_a_run_is_missing_once_nights_have_begun(nights, sources):
    nights.add("2026-03-27", runs.UNCHANGED)
    nights.add("2026-03-30", runs.UNCHANGED)
    states = {one["date"]: one["state"] for one in calendar(sources)["days"]}
    assert len(states) == 30
    assert [states[f"2026-03-{day}"] for day in (26, 27, 28, 29)] == [
        *("none", "unchanged", "missing", "missing"),
    ]


def test_of_a_date_that_was_run_twice_the_later_run_counts(nights, sources):
    nights.add("2026-03-30", runs.FAILED, run="n20260330_a")
    nights.add("2026-03-30", runs.UNCHANGED, run="n20260330_b")
    runs.update_run(nights.ops, "n20260330_b", started_at=NOW)
    one = on(calendar(sources), "2026-03-30")
    assert (one["run"], one["state"]) == ("n20260330_b", "unchanged")


def test_a_lake_that_has_rested_shows_its_last_month(nights, settings):
    nights.add("2026-03-20", runs.UNCHANGED)
    found = calendar(open_sources(settings, NOW + timedelta(days=300)))
    assert (found["last"], on(found, "2026-03-20")["state"]) == ("2026-03-20", "unchanged")


@pytest.mark.parametrize(
    ("state", "values", "tone", "said"),
    [
        (runs.RELEASED, {}, "good", "was released as number 1: 1,000 texts asked, 666 answers"),
        (runs.RELEASED, {"failures": {"RowTooLong": 2}}, "warn", "2 failed, 9 rows rejected"),
        (runs.HELD, {}, "warn", "is held and waits for you; nothing of it was published."),
        (runs.FAILED, {"step": "ask"}, "bad", "failed at the step ask"),
        (runs.DISMISSED, {}, "warn", "was rejected"),
        (runs.RUNNING, {"step": "ask"}, "bad", "stopped at the step ask"),
    ],
)
def test_last_night_in_one_sentence(nights, sources, state, values, tone, said):
    nights.add("2026-03-30", state, **values)
    found = verdict(sources)
    assert (found["date"], found["tone"]) == ("2026-03-30", tone)
    assert found["said"].startswith("The night of 2026-03-30 ")
    assert said in found["said"]


@pytest.mark.parametrize(
    ("hours", "tone", "said"),
    [(3, "warn", "has not begun"), (9, "bad", "the deadline of its input has passed")],
)
def test_a_night_that_has_not_run(nights, settings, hours, tone, said):
    nights.add("2026-03-29")
    now = NOW.replace(hour=0) + timedelta(hours=hours)
    found = verdict(open_sources(settings, now))
    assert (found["tone"], said in found["said"]) == (tone, True)
    assert found["readers"].startswith("Readers see release 1, of 2026-03-29, since 2026-03-30")


def test_a_held_release_says_why_and_what_can_be_done(nights, sources):
    nights.hold(nights.add("2026-03-29", runs.HELD, run="n1"), DRIFT)
    nights.hold(nights.add("2026-03-30", runs.HELD, run="n2"), LOST)
    drift, lost = needs(sources)["items"]
    assert drift["evidence"][0]["said"] == (
        "the share of a sentiment moved by 31.4% against the last release; 20% is allowed"
    )
    assert (drift["kind"], drift["actions"]) == ("release", ["approve", "reject", "open"])
    # Nobody's reason makes it right that rows were lost.
    assert (lost["evidence"][0]["is_judgement"], lost["actions"]) == (False, ["reject", "open"])


def test_a_plan_over_its_cap_says_by_how_much(nights, sources):
    error = "the plan over its cap"
    nights.add("2026-03-30", runs.HELD, texts=12_000, step="plan", error=error)
    [one] = needs(sources)["items"]
    assert (one["kind"], one["raised"]) == ("plan", {"rows": 12_000})
    [rows, *_] = one["plan"]["caps"]
    assert rows == {"name": "rows", "planned": 12_000, "most": 5_000, "over": True}
    assert one["actions"] == ["take", "raise", "open"]
    assert tonight(sources)["caps"][0]["over"] is True


def test_what_failed_or_stands_still_is_among_what_needs_a_person(nights, sources):
    nights.add("2026-03-10", runs.FAILED)
    nights.add("2026-03-28", runs.FAILED, error="the disk is full")
    nights.add("2026-03-29", runs.RUNNING, step="ask")
    nights.work(nights.add("2026-03-30", runs.RUNNING, step="ask"))
    found = [(one["kind"], one["date"], one["error"]) for one in needs(sources)["items"]]
    assert found == [("stopped", "2026-03-29", ""), ("failed", "2026-03-28", "the disk is full")]


def test_a_rollback_leaves_a_date_to_decide_on(nights, sources):
    nights.add("2026-03-29")
    nights.add("2026-03-30")
    rollback(nights.catalog, 1, reason="", now=NOW)
    assert needs(sources)["items"] == [
        {"kind": "withdrawn", "date": "2026-03-30", "release": 3, "actions": ["dismiss"]}
    ]


def test_how_far_a_question_is(nights, sources):
    run = nights.add("2026-03-30", runs.RUNNING, step="ask", texts=4_000)
    nights.work(run)
    with nights.ops.begin() as db:
        db.execute(sa.text("DELETE FROM waves"))
    nights.wave(run, NOW, 1_000, {"RowTooLong": 1}, seconds=50.0)
    [one] = live(sources)["runs"]
    assert (one["state"], one["step"]) == ("running", "ask")
    [part] = one["parts"]
    assert (part["done"], part["texts"], part["rows_per_second"]) == (1_000, 4_000, 20.0)
    assert part["tokens_per_second"] == pytest.approx(1_000 * 44 / 50)
    assert part["padding_share"] == pytest.approx(1 - 44 / 47)
    assert part["busy_share"] == pytest.approx(0.93)
    assert part["eta"] == "2026-03-31T03:14:30+00:00"


@pytest.mark.parametrize(("hours", "count"), [(1, 1), (72, 0)])
def test_a_run_that_stopped_long_ago_is_no_news(nights, settings, hours, count):
    nights.add("2026-03-30", runs.RUNNING, step="ask")
    assert len(live(open_sources(settings, NOW + timedelta(hours=hours)))["runs"]) == count


def test_trends_have_a_point_a_day(nights, sources):
    for day in ("2026-03-28", "2026-03-29", "2026-03-30"):
        nights.add(day, texts=1_000, failures={"RowTooLong": 5})
    first, second, _ = trends(sources)["points"]
    assert sum(first["shares"].values()) == pytest.approx(1)
    assert first["drift"] is None
    assert second["drift"] == max(
        abs(second["shares"][one] - first["shares"][one]) for one in first["shares"]
    )
    assert first["failed_share"] == 0.005
    assert first["tokens_per_second"] == pytest.approx(44 * 41)
    assert first["cost_per_1000"] == pytest.approx(0.088)


def test_releases_come_a_page_at_a_time_with_what_they_changed(nights, sources):
    for day in ("2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"):
        nights.add(day, texts=300)
    page = releases(sources, limit=3)
    assert ([one["release"] for one in page["releases"]], page["next"]) == ([4, 3, 2], 2)
    newest, older, _ = page["releases"]
    changed = {one["table"]: one for one in newest["tables"]}["lake.shelf.review_sentiment"]
    assert (changed["changed"], changed["rows"], changed["more_rows"]) == (True, 1200, 300)
    assert [one["can_roll_back"] for one in (newest, older)] == [False, True]
    rest = releases(sources, before=2)
    assert ([one["release"] for one in rest["releases"]], rest["next"]) == ([1], None)


def test_a_run_is_found_by_the_airflow_run_that_began_it(nights, sources):
    origin = "manual__2026-03-31T00:04:00+00:00"
    name = run_name("2026-03-30", origin)
    nights.add("2026-03-30", runs.UNCHANGED, run=name)
    assert run_of_origin(sources, "nightly", origin) == name
    assert run_detail(sources, name)["asked"] == 1000
    for look in (lambda: run_of_origin(sources, "nightly", "x"), lambda: run_detail(sources, "x")):
        with pytest.raises(NightshelfError, match=r"no run is called|has not begun"):
            look()


def test_words_of_others_cannot_turn_a_line_around(nights, sources):
    hostile = "<b>a</b>\u202eb\x1b[2J"
    nights.add("2026-03-30", runs.FAILED, run="n1", texts=0, error=hostile)
    actions.note(nights.ops, "caps", "n1", Decision(hostile, hostile, NOW))
    [one] = needs(sources)["items"]
    shown = "<b>a</b>\ufffdb\ufffd[2J"
    assert (one["error"], one["decided"]["who"], one["decided"]["reason"]) == (shown,) * 3
