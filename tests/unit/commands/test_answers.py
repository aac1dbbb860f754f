from datetime import UTC, datetime

import pyarrow as pa
import pytest

from nightshelf.lakehouse.catalog import ensure_tables, open_catalog, rows_of
from nightshelf.lakehouse.release import Release, base_snapshots, publish
from nightshelf.lakehouse.tables import TABLES, answers_spec
from nightshelf.names import RETRACTIONS, REVIEW_SENTIMENT
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SENTIMENT = answers_spec(pa.schema({"label": pa.string()}))


@pytest.fixture
def lake(settings):
    """Run n1 has asked in two waves, which readers see; n2 is still at it."""
    ops, catalog = open_ops(settings.ops_database), open_catalog(settings)
    ensure_tables(catalog, {"sentiment": SENTIMENT})
    for run, state in (("n1", runs.RELEASED), ("n2", runs.RUNNING), ("n3", runs.FAILED)):
        runs.open_run(ops, run, date="2026-03-01", step="ask", now=NOW)
        runs.update_run(ops, run, state=state)
    rows = [
        {"key": f"k{n}", "run": run, "wave": runs.open_wave(ops, run, now=NOW)}
        for n, run in enumerate(("n1", "n1", "n2"))
    ]
    catalog.load_table("answers.sentiment").append(pa.Table.from_pylist(rows, SENTIMENT.schema))
    table = catalog.load_table("shelf.review_sentiment")
    day = datetime(2026, 3, 1, tzinfo=UTC).date()
    shown = [{**row, "review_id": row["key"], "landing_date": day} for row in rows[:2]]
    table.append(pa.Table.from_pylist(shown, TABLES[REVIEW_SENTIMENT].schema))
    tables = base_snapshots(catalog, None)
    tables[REVIEW_SENTIMENT] = table.current_snapshot().snapshot_id
    release = Release(
        release=1, parent=0, kind="night", run="n1", released_at=NOW, tables=tables, digests={}
    )
    publish(catalog, release)
    return catalog


TOUCHED = [
    "lake.answers.sentiment: 2 answers",
    "lake.shelf.review_sentiment: 2 published rows, which the next night takes up again",
    "landed on 2026-03-01; readers see them as they are until then. product_insight counts them in"
    " the pictures of those days until the nights of these days are run again",
]


def test_what_it_touches_is_said_first_and_done_when_it_is_meant(run, lake):
    code, printed, _ = run("answers", "retract", "--run", "n1")
    assert (code, printed.splitlines()[:-1]) == (0, TOUCHED)
    assert printed.splitlines()[-1].startswith("nothing was changed; add --yes")
    assert len(rows_of(lake, RETRACTIONS)) == 0
    words = ("--reason", "broken model", "--by", "ada", "--yes")
    code, printed, _ = run("answers", "retract", "--run", "n1", *words)
    assert (code, printed.splitlines()[:-1]) == (0, TOUCHED)
    [row] = rows_of(lake, RETRACTIONS).to_pylist()
    assert (row["run"], row["last_wave"], row["who"]) == ("n1", 2, "ada")
    assert row["reason"] == "broken model"
    code, printed, _ = run("answers", "unretract", "--run", "n1")
    assert (code, printed[:32]) == (0, "the answers of run n1, retracted")
    assert len(rows_of(lake, RETRACTIONS)) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("retract", "--run", "n2"), "run n2 is running; end it first, so that it adds no more"),
        (("retract", "--run", "n3"), "no run n3 has asked anything; see `nightshelf runs`"),
        (("retract", "--run", "x"), "no run x has asked anything"),
        (("unretract", "--run", "n1"), "no answers of a run n1 are retracted"),
    ],
)
def test_what_cannot_be_done_is_said(run, lake, words, message):
    code, _, complaint = run("answers", *words, *(("--yes",) if words[0] == "retract" else ()))
    assert code == 1
    assert complaint.startswith(f"nightshelf: {message}")
    assert len(rows_of(lake, RETRACTIONS)) == 0
