"""Metrics, read back by Prometheus' own parser; and the dashboard that shows them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from nightshelf.night.metrics import exposition
from nightshelf.ops import runs

DASHBOARD = Path(__file__).parents[3] / "docs" / "grafana-dashboard.json"
HOSTILE = 'a"b\\c\nd'
DRIFT = {"table": "t", "expectation": "label_drift", "is_judgement": True}


def read(context):
    """(name, labels) -> value."""
    families = text_string_to_metric_families(exposition(context.ops, context.clock()))
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in families
        for one in family.samples
    }


@pytest.fixture
def new_run(context, clock):
    def make(name, state, date="2026-03-01", **values):
        runs.open_run(context.ops, name, date=date, step="release", now=context.clock())
        clock.forward(seconds=90)
        ended = None if state == runs.RUNNING else context.clock()
        runs.update_run(context.ops, name, state=state, ended_at=ended, **values)

    return make


NIGHT = {
    "plan": {"sentiment": {"to_ask": 5, "reused": 7}},
    "assembled": {"ends": {"t": {"current": 12.0, "answered": None}}},
    "asked": {
        "texts": 5,
        "tokens": 900,
        "padded_tokens": 1000,
        "seconds": 4.0,
        "busy_seconds": 3.0,
        "restarts": 2,
        "failures": {HOSTILE: 1},
        "waves": 1,
        "wall_seconds": 2.0,
    },
}


def test_an_empty_database_has_no_night_and_nothing_waits(context):
    found = read(context)
    assert found["nightshelf_waiting", ("what", "release")] == 0
    assert found["nightshelf_runs", ("state", "failed")] == 0
    assert not [key for key in found if key[0].startswith(("nightshelf_night", "nightshelf_rel"))]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("nightshelf_runs", ("state", "released")), 2),
        (("nightshelf_runs", ("state", "failed")), 1),
        (("nightshelf_runs", ("state", "running")), 0),
        (("nightshelf_waiting", ("what", "release")), 1),
        (("nightshelf_release_number",), 8),
        (("nightshelf_newest_date_timestamp_seconds",), 1772409600.0),
        (("nightshelf_night_texts", ("how", "reused"), ("question", "sentiment")), 7),
        (("nightshelf_night_texts", ("how", "to_ask"), ("question", "sentiment")), 5),
        (("nightshelf_night_rows", ("end", "current"), ("table", "t")), 12),
        (("nightshelf_night_rows", ("end", "answered"), ("table", "t")), 0),
        (("nightshelf_night_tokens",), 900),
        (("nightshelf_night_tokens_per_second",), 450),
        (("nightshelf_night_padding_share",), pytest.approx(0.1)),
        (("nightshelf_night_device_busy_share",), 0.75),
        (("nightshelf_night_host_restarts",), 2),
        (("nightshelf_night_failures", ("reason", HOSTILE)), 1),
        (("nightshelf_night_seconds",), 90),
    ],
    ids=lambda one: " ".join(map(str, one)) if isinstance(one, tuple) else "",
)
def test_a_figure(context, clock, new_run, key, value):
    new_run("old", runs.RELEASED, release=6)
    clock.forward(days=31)
    new_run("a", runs.RELEASED, date="2026-03-02", release=7)
    new_run("b", runs.RELEASED, date="reanswer:sentiment", release=8)
    new_run("c", runs.FAILED)
    held = {**NIGHT["assembled"], "violated": [DRIFT], "violations": ["v"]}
    new_run("d", runs.HELD, **{**NIGHT, "assembled": held})
    new_run("e", runs.FAILED, plan={})
    expected = {("nightshelf_runs", ("state", "failed")): 2}.get(key, value)
    assert read(context)[key] == expected


def test_a_night_that_took_no_time_divides_by_nothing(context, new_run):
    new_run("n", runs.UNCHANGED, plan={"sentiment": {"to_ask": 0, "reused": 0}})
    assert read(context)["nightshelf_night_tokens_per_second",] == 0


def test_the_dashboard_shows_metrics_that_there_are(context, new_run):
    new_run("n", runs.RELEASED, release=1, **NIGHT)
    known = {key[0] for key in read(context)}
    board = json.loads(DASHBOARD.read_text("utf-8"))
    shown = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    words = shown.replace("(", " ").replace(")", " ").replace("{", " ").split()
    named = {word for word in words if word.startswith("nightshelf_")}
    assert named
    assert named <= known
    # What nobody sees is not worth a metric.
    assert known == named


def test_thirty_days_are_counted(context, clock, new_run):
    new_run("n", runs.FAILED)
    clock.now += timedelta(days=29)
    assert read(context)["nightshelf_runs", ("state", "failed")] == 1
    clock.now += timedelta(days=2)
    assert read(context)["nightshelf_runs", ("state", "failed")] == 0
