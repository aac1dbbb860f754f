"""`nightshelf models` and `reanswer` as a person meets them; what Spark does is in tests/spark."""

import os
import pwd
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import Release, base_snapshots, publish
from nightshelf.lakehouse.tables import TABLES
from nightshelf.models.choice import ModelChoice
from nightshelf.models.versions import model_versions
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.night.context import Context
from nightshelf.night.models import note_version
from nightshelf.ops.activations import Activation, activate, activations
from nightshelf.ops.database import open_ops

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ME = pwd.getpwuid(os.getuid()).pw_name


def fake(dimensions):
    return ModelChoice(
        encoder=f"fake:{dimensions}", sentiment_head="fake", precision="fp32", max_tokens=256
    )


EIGHT, TWELVE = (model_versions(fake(n))["sentiment"].id for n in (8, 12))


@pytest.fixture
def ops(settings, monkeypatch):
    """Two versions of sentiment are known, the first of them is active; the settings name it."""
    monkeypatch.setenv("NIGHTSHELF_ENCODER", "fake:8")
    monkeypatch.setenv("NIGHTSHELF_SENTIMENT_HEAD", "fake")
    context = Context(settings, lambda: NOW, lambda line: None)
    for number in (8, 12):
        version = model_versions(fake(number))["sentiment"]
        note_version(context, fake(number), version, run="one", who="run one")
    first = Activation(question="sentiment", id=EIGHT, who="bob", at=NOW, is_explicit=False)
    activate(context.ops, first)
    return context.ops


@pytest.fixture
def released(settings, ops):
    """Three rows are published by the one, one by the other."""
    catalog = open_catalog(settings)
    ensure_tables(catalog, {})
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    signed = [{"review_id": f"r{n}", "model_version": (EIGHT, TWELVE)[n > 2]} for n in range(4)]
    table.append(pa.Table.from_pylist(signed, schema=TABLES[REVIEW_SENTIMENT].schema))
    tables = base_snapshots(catalog, None)
    tables[REVIEW_SENTIMENT] = table.current_snapshot().snapshot_id
    about = {"release": 1, "parent": 0, "kind": "night", "run": "one", "released_at": NOW}
    publish(catalog, Release(**about, tables=tables, digests={}, models={"sentiment": EIGHT}))
    return ops


def test_versions_are_listed_with_who_reads_them_and_whose_word_it_was(run, released):
    code, printed, complaint = run("models")
    assert (code, complaint) == (0, "")
    lines = {line.split()[1]: line for line in printed.splitlines()}
    assert "active" in lines[EIGHT]
    assert "3 rows" in lines[EIGHT]
    assert "since 2026-03-02 01:30 by bob" in lines[EIGHT]
    assert "licence none" in lines[EIGHT]
    assert "active" not in lines[TWELVE]
    assert "1 rows" in lines[TWELVE]


def test_before_any_release_a_word_is_enough(run, ops, settings):
    code, printed, _ = run("models", "activate", "--version", TWELVE)
    assert (code, len(activations(ops, "sentiment"))) == (0, 1)
    assert printed.splitlines() == [
        f"sentiment: {EIGHT} is active, {TWELVE} would be",
        "nothing has changed: with --yes it is done",
    ]
    assert run("models", "activate", "--version", TWELVE, "--yes")[0] == 0
    newest = activations(open_ops(settings.ops_database), "sentiment")[0]
    assert (newest.id, newest.who, newest.is_explicit) == (TWELVE, ME, True)


REFUSED = [
    (("models", "activate", "--question", "sentiment"), 1, "nothing to activate"),
    (("models", "activate", "--version", "0" * 16), 10, "is no version of any question"),
    (("reanswer", "--question", "mood"), 10, "'mood' is no question of the settings"),
    (("reanswer", "--question", "sentiment", "--from", "soon"), 11, "soon"),
    (("step", "ask", "--origin", "nobody"), 1, "no run has begun for 'nobody'"),
    (("reanswer", "--question", "sentiment"), 1, "nothing was released yet"),
]


@pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=[" ".join(r[0]) for r in REFUSED])
def test_what_cannot_be_done_is_said(run, ops, words, code, said):
    ended, _, complaint = run(*words)
    assert (ended, said in complaint) == (code, True), complaint
