"""The lake after maintenance: smaller, and every kept release reads as before."""

import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.branches import branch_of, open_branches
from nightshelf.lakehouse.catalog import ensure_tables, local_name
from nightshelf.lakehouse.release import (
    Release,
    base_snapshots,
    dates_shown,
    publish,
    releases,
)
from nightshelf.lakehouse.rollback import rollback
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.night.lease import ASKING, date_lease, give_back, try_take
from nightshelf.night.maintenance import maintain
from nightshelf.ops import maintenance, runs
from nightshelf.ops.leases import Claim
from nightshelf.spark import upkeep

DAYS = [f"2026-03-0{day}" for day in range(1, 5)]


def review(number, body="great kettle"):
    return {"review_id": f"r{number}", "product_id": f"p{number % 3}", "body": f"{body} {number}"}


@pytest.fixture
def shop(new_shop):
    shop = new_shop(kept_releases=2, wave_rows=2)
    # Iceberg stamps its snapshots with the machine's time.
    shop.now = datetime.now(UTC)
    return shop


def nights(shop, days=DAYS):
    for number, day in enumerate(days):
        shop.land("reviews", [review(5 * number + n) for n in range(5)], day)
        shop.land(
            "catalog", [{"product_id": f"p{n}", "title": f"Kettle {day}"} for n in range(3)], day
        )
        shop.night(day)


def keep_up(shop, *, dry_run=False, later=timedelta(days=2), **changed):
    """One maintenance, `later` than all that has been done so far; its report."""
    # By the machine's time a file is never old here, and Iceberg minds the machine's time.
    settings = replace(shop.settings, **{"orphan_days": 30, **changed})
    shop.now += later
    context = replace(shop.context, settings=settings)
    run = f"m{shop.now:%Y%m%d_%H%M%S}"
    maintenance.open_maintenance(context.ops, run, dry_run=dry_run, now=shop.now)
    maintain(shop.session, context, run)
    return maintenance.read_maintenance(context.ops, run)["report"]


def size(shop):
    lake = shop.settings.home / "lake" / "warehouse"
    files = [path for path in lake.rglob("*") if path.is_file() and path.suffix != ".crc"]
    return len(files), sum(path.stat().st_size for path in files)


def content_of(shop, number):
    tables = shop.releases()[-1].tables
    return {table: sorted(map(repr, shop.rows(table, number).to_pylist())) for table in tables}


def refs(shop, table=REVIEW_SENTIMENT):
    return set(shop.context.catalog.load_table(local_name(table)).refs())


def test_kept_releases_read_as_before_and_the_lake_is_smaller(shop):
    nights(shop)
    kept = {number: content_of(shop, number) for number in (3, 4)}
    answers = sorted(shop.rows("sentiment")["key"].to_pylist())
    before = size(shop)
    folder = shop.settings.home / "lake" / "warehouse" / "answers" / "sentiment" / "data"
    scattered = len(list(folder.rglob("*.parquet")))
    report = keep_up(shop)
    after = size(shop)
    assert report["left"] == []
    assert after[0] < before[0]
    assert after[1] < before[1]
    assert report["bytes_freed"] >= before[1] - after[1] > 0
    assert sum(one["after"]["bytes"] for one in report["tables"].values()) == after[1]
    # How many waves a night commits, and so how many files, depends on the machine's speed.
    assert report["tables"]["lake.answers.sentiment"]["folded"] == scattered > 1
    assert len(list(folder.rglob("*.parquet"))) == 1
    assert {number: content_of(shop, number) for number in kept} == kept
    assert sorted(shop.rows("sentiment")["key"].to_pylist()) == answers
    for number in (1, 2):
        with pytest.raises(NightshelfError, match=f"release {number} is no longer kept"):
            shop.rows("review_sentiment", number)
        with pytest.raises(NightshelfError, match=f"release {number} is no longer kept"):
            rollback(shop.context.catalog, number, reason="", now=shop.clock())

    # A second one finds nothing to do.
    before, number = size(shop), len(shop.releases())
    report = keep_up(shop)
    assert done(report) == {}
    assert (report["bytes_freed"], size(shop)) == (0, before)
    assert len(shop.releases()) == number

    # And the lake goes on: the next night, and back again.
    shop.land("reviews", [review(99), review(0, "awful")], "2026-03-08")
    row = shop.night("2026-03-08")
    assert (row["release"], row["plan"]["sentiment"]["to_ask"]) == (5, 2)
    assert len(shop.sentiment()) == 21
    assert shop.sentiment()["r0"] == ("negative", 8)
    rollback(shop.context.catalog, 3, reason="", now=shop.clock())
    assert content_of(shop, 6) == kept[3]


def done(report):
    return {
        (table, what): count
        for table, one in report["tables"].items()
        for what, count in one.items()
        if what not in ("before", "after") and count
    }


@pytest.fixture
def crowded(shop):
    """Release 1 shows a row, release 2 seven in as many files of a partition, as a cluster may."""
    catalog = shop.context.catalog
    ensure_tables(catalog, {})
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    day = datetime(2026, 3, 1, tzinfo=UTC).date()
    for number in range(7):
        row = {"review_id": f"r{number}", "label": "neutral", "landing_date": day}
        table.append(pa.Table.from_pylist([row], TABLES[REVIEW_SENTIMENT].schema))
        if number in (0, 6):
            found = releases(catalog)
            tables = base_snapshots(catalog, found[-1] if found else None)
            tables[REVIEW_SENTIMENT] = table.current_snapshot().snapshot_id
            release = Release(
                release=len(found) + 1,
                parent=len(found),
                kind="night",
                run=f"n{number}",
                released_at=shop.clock(),
                tables=tables,
                digests={},
                dates=("2026-03-01",),
            )
            publish(catalog, release)
    return shop


def test_folding_the_shelf_is_a_release_of_the_same_content(crowded):
    shop = crowded
    kept = {number: content_of(shop, number) for number in (1, 2)}
    assert [len(kept[number][REVIEW_SENTIMENT]) for number in (1, 2)] == [1, 7]
    report = keep_up(shop)
    newest = shop.releases()[-1]
    assert (newest.release, newest.kind, newest.dates) == (3, "maintenance", ())
    assert newest.reason == "small files folded, content as in release 2"
    assert report["tables"][REVIEW_SENTIMENT]["folded"] == 7
    assert {number: content_of(shop, number) for number in (2, 3)} == {2: kept[2], 3: kept[2]}
    assert not [ref for ref in refs(shop) if ref.startswith("run_")]
    assert dates_shown(shop.releases()) == {"2026-03-01"}
    rollback(shop.context.catalog, 2, reason="", now=shop.clock())
    assert content_of(shop, 4) == kept[2]


def test_what_is_young_stays_and_a_dry_run_says_what_would_go(shop):
    nights(shop, DAYS[:3])
    # Young snapshots stay, and releases that were the newest one lately.
    kept = {number: content_of(shop, number) for number in range(1, 4)}
    keep_up(shop, later=timedelta(hours=1), kept_releases=1)
    assert {number: content_of(shop, number) for number in kept} == kept
    before = size(shop)
    would = keep_up(shop, dry_run=True)
    assert size(shop) == before
    assert all(one["before"] == one["after"] for one in would["tables"].values())
    did = done(keep_up(shop, later=timedelta(0)))
    # Folding replaces what then expires as well.
    assert {key for key in did if key[1] != "snapshots"} == {
        key for key in done(would) if key[1] != "snapshots"
    }
    for key, count in done(would).items():
        assert count <= did[key], key
    assert done(would)[REVIEW_SENTIMENT, "tags"] == 1
    assert done(would)["lake.answers.sentiment", "snapshots"] > 0


def test_branches_that_somebody_needs_stay(shop):
    nights(shop, DAYS[:1])
    catalog = shop.context.catalog
    base = base_snapshots(catalog, shop.releases()[-1])
    cases = [
        ("a", runs.HELD, False),
        ("b", runs.RUNNING, True),
        ("c", runs.FAILED, True),
        ("d", runs.RUNNING, False),
        ("e", runs.FAILED, False),
        ("f", runs.DISMISSED, False),
        ("g", None, False),
    ]
    for number, (run, state, _) in enumerate(cases):
        open_branches(catalog, base, branch=branch_of(run))
        if state:
            day = f"2026-02-0{number + 1}"
            runs.open_run(shop.context.ops, run, date=day, step="release", now=shop.now)
            runs.update_run(shop.context.ops, run, state=state, dates={day: ""})
    shop.now += timedelta(days=2)
    for number, (run, _, is_busy) in enumerate(cases):
        if is_busy:
            name = date_lease(f"2026-02-0{number + 1}")
            assert try_take(shop.context, name, Claim(run)) is None
    report = keep_up(shop, later=timedelta(0))
    assert sorted(report["branches"]) == ["run_d", "run_e", "run_f"]
    kept = {"run_a", "run_b", "run_c", "run_g"}
    assert {ref for ref in refs(shop) if ref.startswith("run_")} == kept


def test_files_that_no_table_knows_go_when_they_are_old(shop):
    nights(shop, DAYS[:1])
    lake = shop.settings.home / "lake" / "warehouse"
    kept = content_of(shop, 1)
    young, old = (lake / "answers" / "sentiment" / "data" / f"{name}.parquet" for name in "yo")
    for path in (young, old):
        path.write_bytes(b"half a file")
    # Everything else is as old: nothing but what no table knows may go.
    before = time.time() - 4 * 86_400
    for path in lake.rglob("*"):
        if path.is_file() and path != young:
            os.utime(path, (before, before))
    report = keep_up(shop, later=timedelta(0), orphan_days=3)
    assert report["tables"]["lake.answers.sentiment"]["orphans"] == 1
    assert (young.exists(), old.exists()) == (True, False)
    assert content_of(shop, 1) == kept
    assert len(shop.rows("sentiment")) == 5


def test_garbage_goes_only_when_it_may(shop):
    shop.land("reviews", [review(1), review(2)], "2026-03-01", name="f")
    shop.land("reviews", [review(3), review(4)], "2026-03-01", name="g")
    shop.night("2026-03-01")
    shop.withdraw("reviews", "2026-03-01", name="g")
    # The new version of a review: the old one is still among the versions, and no garbage.
    shop.land("reviews", [review(1, "awful"), review(4)], "2026-03-02")
    shop.night("2026-03-02")
    kept = shop.content()
    shop.now += timedelta(days=2)
    for changed, busy, answers in [
        ({}, None, 5),
        ({"garbage_days": 10}, None, 5),
        ({"garbage_days": 1}, ASKING, 5),
        ({"garbage_days": 1}, date_lease("2026-03-09"), 5),
        ({"garbage_days": 1}, None, 4),
    ]:
        if busy:
            assert try_take(shop.context, busy, Claim("other")) is None
        report = keep_up(shop, later=timedelta(seconds=1), **changed)
        give_back(shop.context, "other", [busy or ASKING])
        assert len(shop.rows("sentiment")) == answers, (changed, busy)
        assert len(report["left"]) == bool(busy)
    row = shop.night("2026-03-02", run="again")
    assert (row["plan"]["sentiment"]["to_ask"], row["state"]) == (0, "unchanged")
    assert shop.content() == kept


def test_no_answer_is_lost_that_is_committed_while_files_are_folded(shop):
    nights(shop, DAYS[:2])
    table, stop, added = "lake.answers.sentiment", threading.Event(), []

    def keep_adding():
        while not stop.is_set():
            key = f"k{len(added)}"
            row = shop.session.table(table).limit(1).withColumn("key", F.lit(key))
            row.writeTo(table).append()
            added.append(key)

    before = set(shop.rows("sentiment")["key"].to_pylist())
    thread = threading.Thread(target=keep_adding)
    thread.start()
    try:
        while len(added) < 2:
            time.sleep(0.05)
        report = keep_up(shop)
    finally:
        stop.set()
        thread.join()
    assert report["tables"]["lake.answers.sentiment"]["folded"] >= 6
    keys = shop.rows("sentiment")["key"].to_pylist()
    assert len(keys) == len(set(keys))
    assert set(keys) == before | set(added)


def test_a_release_while_the_shelf_is_folded_comes_first(crowded, monkeypatch):
    fold = upkeep.fold

    def fold_while_another_releases(session, table, branch=None):
        if branch:
            rollback(crowded.context.catalog, 1, reason="", now=crowded.clock())
        return fold(session, table, branch)

    monkeypatch.setattr("nightshelf.night.fold_shelf.fold", fold_while_another_releases)
    report = keep_up(crowded)
    assert [one.kind for one in crowded.releases()] == ["night", "night", "rollback"]
    assert report["left"] == ["the shelf's files: a night released while they were folded"]
    assert not [ref for ref in refs(crowded) if ref.startswith("run_")]
    assert content_of(crowded, 3) == content_of(crowded, 1)


def test_conflicts_are_tried_again_and_other_errors_are_not(spark):
    calls = []

    def conflict():
        calls.append(1)
        spark.sql("SELECT raise_error('CommitFailedException')").collect()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "_PAUSE_SECONDS", 0)
        with pytest.raises(upkeep.Conflict):
            upkeep.again(conflict)
    assert len(calls) == 5
    with pytest.raises(Exception, match="something else"):
        upkeep.again(lambda: spark.sql("SELECT raise_error('something else')").collect())
