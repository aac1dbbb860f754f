"""A run without dates: its name, its lease, and what it has frozen when it begins."""

from dataclasses import replace

import pytest

from nightshelf.errors import JobError, NightshelfError, SettingsError
from nightshelf.lakehouse.catalog import ensure_tables
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases
from nightshelf.names import REANSWER_STEPS
from nightshelf.night import reanswer
from nightshelf.night.publish import publish_run
from nightshelf.night.reanswer import Order, begin, do_step, run_of, step_of
from nightshelf.ops import runs
from nightshelf.ops.activations import Activation, activate
from nightshelf.ops.leases import Claim, acquire
from nightshelf.shelf.selection import Selection

OLD, NEW = "a" * 16, "b" * 16
LEASE = "reanswer:sentiment"


def released(context, **models):
    ensure_tables(context.catalog, {})
    number = len(releases(context.catalog)) + 1
    about = {"kind": "night", "run": "n", "released_at": context.clock(), "digests": {}}
    tables = base_snapshots(context.catalog, None)
    one = Release(release=number, parent=number - 1, tables=tables, models=models, **about)
    publish(context.catalog, one)


@pytest.fixture
def lake(context):
    """One release; another version of sentiment has been activated since."""
    released(context, sentiment=OLD, embedding=OLD)
    active = Activation(
        question="sentiment", id=NEW, who="ann", at=context.clock(), is_explicit=True
    )
    activate(context.ops, active)
    return context


def order(question="sentiment", by=NEW, **more):
    selection = Selection(question=question, by=by, not_models=(by,))
    return Order(**{"selection": selection, "origin": "manual__1", "who": "ann", **more})


def free(context, name):
    return acquire(context.ops, name, Claim("other"), now=0.0, seconds=0.0) is None


def test_one_origin_is_one_run_which_keeps_what_it_chose_first(lake, clock):
    run = begin(lake, order())
    assert run.startswith("r20260302_")
    released(lake, sentiment=OLD, embedding=OLD)
    clock.forward(days=3)
    other = Selection(question="sentiment", by=NEW, most_rows=1)
    assert begin(lake, replace(order(), selection=other)) == run == run_of(lake, "manual__1")
    frozen = runs.read_run(lake.ops, run)["selection"]
    assert (frozen["release"], frozen["rows"]["most_rows"], frozen["who"]) == (1, 0, "ann")
    assert begin(lake, order(origin="manual__2")) != run


@pytest.mark.parametrize(
    ("question", "by", "publishes"),
    [
        ("sentiment", NEW, True),
        ("sentiment", OLD, False),
        ("embedding", OLD, True),
        ("embedding", NEW, False),
    ],
)
def test_only_the_active_version_is_published(lake, question, by, publishes):
    run = begin(lake, order(question, by))
    assert runs.read_run(lake.ops, run)["selection"]["publishes"] == publishes


def test_answers_that_are_only_built_end_without_a_release(lake, lines):
    run = begin(lake, order(by=OLD, is_dry=False))
    publish_run(lake, run)
    assert runs.read_run(lake.ops, run)["state"] == runs.BUILT
    assert len(releases(lake.catalog)) == 1


@pytest.mark.parametrize(("is_dry", "state"), [(True, runs.PLANNED), (False, runs.RUNNING)])
def test_a_dry_run_keeps_no_lease(lake, is_dry, state):
    run = begin(lake, order(is_dry=is_dry))
    seen = []
    do_step(lake, "choose", run, lambda step: seen.append((step, free(lake, LEASE))) or 0)
    assert seen == [("choose", is_dry)]
    assert free(lake, LEASE) == is_dry
    assert runs.read_run(lake.ops, run)["state"] == state


def test_a_step_that_fails_gives_the_lease_back(lake):
    run = begin(lake, order(is_dry=False))
    with pytest.raises(JobError):
        do_step(lake, "choose", run, lambda step: 1)
    assert free(lake, LEASE)


@pytest.mark.parametrize("step", ["ingest"])
def test_a_step_of_nights_alone_is_refused(lake, step, monkeypatch):
    run = begin(lake, order())
    with pytest.raises(SettingsError, match="step ingest needs --date"):
        step_of(lake, step, run, {})
    # Else it does its job, whichever of its steps it is.
    done = []
    monkeypatch.setattr(reanswer, "each_by_itself", lambda *_: lambda name: done.append(name) or 0)
    for name in REANSWER_STEPS[:3]:
        step_of(lake, name, run, {})
    assert done == list(REANSWER_STEPS[:3])


def test_what_nobody_has_begun_has_no_run(lake):
    with pytest.raises(NightshelfError, match="no run has begun for 'nobody'"):
        run_of(lake, "nobody")
