"""A month of nights, written by hand into an operations database and a lake."""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import pyarrow as pa

from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases, settle
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import LANDINGS, REVIEW_EMBEDDING, REVIEW_SENTIMENT
from nightshelf.night.estimate import Estimate, Part
from nightshelf.ops import leases, runs
from nightshelf.ops.database import open_ops

NOW = datetime(2026, 3, 31, 3, 12, tzinfo=UTC)
DRIFT = {
    "violations": [
        "lake.shelf.review_sentiment: label_drift is 0.314, allowed [-inf, 0.2]",
        "lake.shelf.review_sentiment: failed_share is 0.021, allowed [-inf, 0.01]",
    ],
    "violated": [
        {"table": REVIEW_SENTIMENT, "expectation": "label_drift", "is_judgement": True},
        {"table": REVIEW_SENTIMENT, "expectation": "failed_share", "is_judgement": True},
    ],
}
LOST = {
    "violations": [f"{LANDINGS}: versions_lost is 3.0, allowed [-inf, 0]"],
    "violated": [{"table": LANDINGS, "expectation": "versions_lost", "is_judgement": False}],
}


class Nights:
    """Adds nights to the home of `settings`; each call is one run of a date."""

    def __init__(self, settings, now=NOW):
        self.settings, self.now = settings, now
        self.ops = open_ops(settings.ops_database)

    @cached_property
    def catalog(self):
        """Made when the first release is: most tests need none, and it takes a second."""
        catalog = open_catalog(self.settings)
        ensure_tables(catalog, {})
        return catalog

    def add(self, day, state=runs.RELEASED, *, run=None, texts=1000, failures=None, **values):
        """One run of the night of `day`; a released one makes a release."""
        run = run or f"n{day.replace('-', '')}_{len(day):08x}"
        started = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1, minutes=4)
        step = values.pop("step", "release")
        runs.open_run(self.ops, run, date=day, step=step, now=started)
        known = {
            "state": state,
            "dates": {day: "the night itself"},
            "models": {"sentiment": "5e11f00d5e11f00d", "embedding": "0ddba110ddba1100"},
            "plan": plan(texts),
            "estimate": estimate(started, texts).as_dict() | {"fits": None},
            "ended_at": None if state == runs.RUNNING else started + timedelta(minutes=38),
        }
        runs.update_run(self.ops, run, **{**known, **values})
        if texts and "plan over" not in values.get("error", ""):
            self.wave(run, started, texts, failures or {})
        if state == runs.RELEASED:
            self.release(day, run, texts)
        return run

    def wave(self, run, at, texts, failures, seconds=None):
        number = runs.open_wave(self.ops, run, now=at)
        failed = sum(failures.values())
        seconds = seconds or texts / 41
        usage = {
            "texts": texts,
            "tokens": texts * 44,
            "padded_tokens": texts * 47,
            "batches": texts // 40 + 1,
            "ahead": texts // 22 + 1,
            "seconds": seconds * 2,
            "busy_seconds": seconds * 2 * 0.93,
            "failures": failures,
        }
        answers = {
            question: {"answered": texts - failed, "failed": failed}
            for question in ("sentiment", "embedding")
        }
        runs.close_wave(
            self.ops,
            number,
            seconds=seconds,
            texts=texts,
            tokens=texts * 44,
            answers=answers,
            usage=usage,
        )

    def release(self, day, run, reviews):
        found = releases(self.catalog)
        newest = found[-1] if found else None
        landed = date.fromisoformat(day)
        labels = self._labels(landed.day, min(reviews, 400))
        self._append(REVIEW_SENTIMENT, [{"label": one, "landing_date": landed} for one in labels])
        counts = {"rows_read": reviews + 12, "accepted": reviews, "rejected": 9, "duplicate": 3}
        self._append(LANDINGS, [{"dataset": "reviews", "landing_date": landed, **counts}])
        table = self.catalog.load_table(local_name(REVIEW_SENTIMENT))
        tables = {
            **base_snapshots(self.catalog, newest),
            REVIEW_SENTIMENT: table.current_snapshot().snapshot_id,
        }
        number = (newest.release if newest else 0) + 1
        release = Release(
            release=number,
            parent=number - 1,
            kind="night",
            run=run,
            released_at=datetime.fromisoformat(day).replace(tzinfo=UTC)
            + timedelta(days=1, minutes=42),
            tables=tables,
            digests={REVIEW_SENTIMENT: str(number), REVIEW_EMBEDDING: "1"},
            models={"sentiment": "5e11f00d5e11f00d", "embedding": "0ddba110ddba1100"},
            dates=(day,),
        )
        publish(self.catalog, release)
        settle(self.catalog)
        runs.update_run(self.ops, run, release=number)

    def hold(self, run, found=DRIFT):
        """Let the run be held by what its audit has `found`."""
        assembled = {
            "parent": 1,
            "tables": {},
            "digests": {},
            "rows": {REVIEW_SENTIMENT: 900},
            "ends": {
                REVIEW_SENTIMENT: {
                    "current": 900,
                    "answered": 880,
                    "failed": 20,
                    "abstained": 0,
                    "deferred": 0,
                }
            },
            "change": {},
            **found,
        }
        error = f"the release of run {run} is held, nothing was published: " + "; ".join(
            found["violations"]
        )
        runs.update_run(self.ops, run, state=runs.HELD, assembled=assembled, error=error)

    def work(self, run):
        """Let somebody hold the run's date."""
        claim = leases.Claim(run)
        leases.acquire(self.ops, f"date:{run}", claim, now=self.now.timestamp(), seconds=600)

    def _labels(self, seed, count):
        negative = count * (18 + seed * 7 % 9) // 100
        neutral = count * (12 + seed * 5 % 7) // 100
        positive = count - negative - neutral
        return ["negative"] * negative + ["neutral"] * neutral + ["positive"] * positive

    def _append(self, table, rows):
        schema = TABLES[table].schema
        self.catalog.load_table(local_name(table)).append(pa.Table.from_pylist(rows, schema=schema))


def plan(texts):
    causes = {"new": texts - texts // 10, "changed": texts // 10}
    counts = {"rows": texts + texts // 2, "contents": texts + texts // 3, "reused": texts // 3}
    return {
        question: {**counts, "to_ask": texts, "causes": causes}
        for question in ("sentiment", "embedding")
    }


def estimate(started, texts, seconds=None):
    seconds = texts / 40 if seconds is None else seconds
    part = Part(
        questions=("embedding", "sentiment"),
        texts=texts,
        tokens=texts * 44,
        counted=texts,
        waves=4,
        measured_waves=12,
        seconds=seconds,
        cost=texts * 44 * 0.02 / 1e6,
    )
    midnight = started.replace(hour=0, minute=0)
    return Estimate(
        parts=(part,),
        planned_at=started,
        deadline=midnight + timedelta(hours=12),
        rest_seconds=95.0,
    )
