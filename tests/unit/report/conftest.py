"""A lake with two releases and a run in each state, made without Spark."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
import sqlalchemy as sa

from nightshelf import names
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import Release, base_snapshots, publish
from nightshelf.lakehouse.rollback import rollback
from nightshelf.lakehouse.tables import TABLES
from nightshelf.ops import decisions, runs, steps
from nightshelf.ops.database import open_ops
from nightshelf.ops.decisions import Decision
from nightshelf.ops.remote_spend import OpsBank
from nightshelf.settings import Settings

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
DAY, NEXT = "2026-03-01", "2026-03-02"
MODELS = {"sentiment": "a" * 16, "embedding": "b" * 16}
#: No report may ever hold it.
TEXT = "the words of a review"

REFUSED = {
    "reasons": {"empty_body": 3, "duplicate_id": 1},
    "files": [
        {"file": "a.parquet", "reason": "empty_body", "rows": 3},
        {"file": "a.parquet", "reason": "duplicate_id", "rows": 1},
    ],
    "more": 0,
}


def account(dataset, day, read, accepted, rejected, duplicate, **more):
    counts = {"rows_read": read, "accepted": accepted, "rejected": rejected, "duplicate": duplicate}
    place = {"dataset": dataset, "landing_date": day, "mode": None, "files": 1, "files_rejected": 0}
    return {
        **place,
        **counts,
        "run": "n1",
        "refused": {"reasons": {}, "files": [], "more": 0},
    } | more


ACCOUNTS = [
    account("reviews", DAY, 104, 100, 3, 1, refused=REFUSED),
    account("catalog", DAY, 20, 20, 0, 0, mode="snapshot"),
]
ENDS = {
    names.REVIEW_SENTIMENT: {
        "current": 100.0,
        "answered": 97.0,
        "failed": 2.0,
        "abstained": 0.0,
        "deferred": 1.0,
        "current_rows_missing": 0.0,
        "rows_no_longer_current": 0.0,
    }
}
PLAN = {
    "sentiment": {
        "rows": 100,
        "contents": 90,
        "reused": 30,
        "to_ask": 60,
        "causes": {"new": 50, "edited": 10, "failed before": 0},
    },
    "embedding": {"rows": 120, "contents": 110, "reused": 110, "to_ask": 0, "causes": {}},
}
ESTIMATE = {
    "texts": 60,
    "tokens": 3_000,
    "exact": True,
    "seconds": 50.0,
    "cost": 0.5,
    "cost_is_whole": True,
    "finish": None,
    "rest_seconds": None,
    "deadline": "2026-03-02T12:00:00+00:00",
    "planned_at": "2026-03-02T01:31:00+00:00",
    "parts": [{"questions": ["sentiment"], "texts": 60, "tokens": 3_000, "waves": 2}],
    "prices": {"million_tokens": 100.0, "device_hour": 9.0, "devices": 2, "currency": "EUR"},
}


def check(table, expectation, measured, at_most, *, holds=False, is_judgement=True):
    figures = {"measured": measured, "at_least": None, "at_most": at_most}
    about = {"table": table, "expectation": expectation, "is_judgement": is_judgement}
    return {**about, **figures, "holds": holds}


DRIFT = check(names.REVIEW_SENTIMENT, "label_drift", 0.314, 0.2)
LOST = check(names.LANDINGS, "versions_lost", 2.0, 0.0, is_judgement=False)
UNIQUE = check(names.REVIEW_SENTIMENT, "duplicate_ids", 0.0, 0.0, holds=True, is_judgement=False)


def said(one):
    """As an older version told a person of it."""
    allowed = f"allowed [-inf, {one['at_most']}]"
    return f"{one['table']}: {one['expectation']} is {one['measured']}, {allowed}"


def assembled(tables, *wrong, parent=2):
    violated = [{k: one[k] for k in ("table", "expectation", "is_judgement")} for one in wrong]
    counts = {"before": 2, "after": 3, "added": 2, "changed": 1, "removed": 1}
    return {
        "parent": parent,
        "tables": tables,
        "digests": {},
        "rows": {},
        "ends": ENDS,
        "changed_rows": {names.REVIEW_SENTIMENT: counts},
        "audit": [UNIQUE, *wrong],
        "violations": list(map(said, wrong)),
        "violated": violated,
    }


class Shop:
    """A home, its operations database and its lake."""

    def __init__(self, home):
        self.settings = Settings(home=home, cap_rows=50)
        self.ops = open_ops(self.settings.ops_database)
        self.catalog = open_catalog(self.settings)
        ensure_tables(self.catalog, {})
        self.tables = base_snapshots(self.catalog, None)
        self.at = NOW

    def append(self, name, rows):
        table = self.catalog.load_table(local_name(name))
        table.append(pa.Table.from_pylist(rows, schema=TABLES[name].schema))
        if name in self.tables:
            self.tables = {**self.tables, name: table.current_snapshot().snapshot_id}

    def publish(self, number, run, day, **more):
        about = {"run": run, "released_at": NOW, "dates": (day,), "kind": "night"} | more
        digests = {names.REVIEW_SENTIMENT: str(number)}
        release = Release(
            release=number, parent=number - 1, tables=self.tables, digests=digests, **about
        )
        publish(self.catalog, release)

    def run(self, name, state, *, day=DAY, ended=True, **values):
        self.at += timedelta(hours=1)
        runs.open_run(self.ops, name, date=day, step=values.pop("step", "release"), now=self.at)
        end = self.at + timedelta(minutes=2) if ended else None
        runs.update_run(self.ops, name, state=state, ended_at=end, **values)

    def step(self, name, step, state=steps.DONE, seconds=30):
        number = steps.open_step(self.ops, name, step, now=self.at)
        if state:
            end = self.at + timedelta(seconds=seconds)
            steps.close_step(self.ops, number, state=state, now=end)

    def wave(self, name, *, texts=30, tokens=1_500, seconds=20.0, failures=None):
        usage = {"texts": texts, "tokens": tokens, "padded_tokens": 2_000, "batches": 3, "ahead": 6}
        usage |= {"seconds": 40.0, "busy_seconds": 30.0, "restarts": 0, "peak_kb": 2_048}
        usage |= {"failures": failures or {}}
        number = runs.open_wave(self.ops, name, now=self.at)
        answers = {"sentiment": {"answered": texts - sum((failures or {}).values())}}
        figures = {"seconds": seconds, "texts": texts, "tokens": tokens}
        runs.close_wave(self.ops, number, answers=answers, usage=usage, **figures)


def review(found, **values):
    row = {"review_id": found, "product_id": "p1", "landing_date": date(2026, 3, 1)}
    return {
        **row,
        "status": "answered",
        "run": "n1",
        "model_version": MODELS["sentiment"],
        **values,
    }


@pytest.fixture(scope="session")
def empty_shop(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    return filled(Shop(tmp_path_factory.mktemp("home")))


def filled(shop):
    shop.append(
        names.REVIEW_SENTIMENT, [review("r1"), review("r2", status="failed", reason="Hung")]
    )
    shop.publish(1, "n1", DAY)
    shop.append(names.REVIEW_SENTIMENT, [review("r3", landing_date=date(2026, 3, 2))])
    shop.publish(2, "n2", NEXT)
    rows = [("empty_body", "body")] * 3 + [("duplicate_id", "review_id")]
    shop.append(
        names.REJECTED,
        [
            {"dataset": "reviews", "landing_date": date(2026, 3, 1), "file": "a.parquet", "row": n}
            | {"field": field, "reason": reason, "run": "n1"}
            for n, (reason, field) in enumerate(rows)
        ],
    )
    for question, version in MODELS.items():
        identity = {"weights_sha256": "ab" * 32, "precision": "fp32"}
        model = {"question": question, "id": version, "name": "mini", "revision": "v3"}
        runs.register_model(shop.ops, "n1", {**model, "licence": "cc0", "identity": identity})
    whole = {"dates": {DAY: "the night itself"}, "models": MODELS, "plan": PLAN}
    whole |= {"estimate": ESTIMATE, "accounts": ACCOUNTS, "files": {}}
    good = assembled(shop.tables, parent=0)
    shop.run("n1", runs.RELEASED, **whole, assembled=good, release=1)
    for step in names.STEPS:
        shop.step("n1", step)
    shop.step("n1", "ask", None)
    shop.wave("n1", failures={"Hung": 2})
    shop.wave("n1")
    OpsBank(shop.ops, "n1", cap_nanos=0, cap_tokens=0).open().settle((0, 0), (250_000_000, 100))
    next_night = {"dates": {NEXT: "the night itself"}, "release": 2}
    shop.run("n2", runs.RELEASED, day=NEXT, **{**whole, **next_night}, assembled=good)
    later = "2026-03-03"
    shop.run("held", runs.HELD, **whole, day=later, assembled=assembled(shop.tables, DRIFT))
    runs.update_run(shop.ops, "held", dates={later: "the night itself"})
    lost = assembled(shop.tables, DRIFT, LOST)
    shop.run("broken", runs.HELD, **{**whole, "dates": {"2026-03-04": ""}}, assembled=lost)
    over = {"dates": {"2026-03-05": ""}, "estimate": ESTIMATE, "plan": PLAN, "models": MODELS}
    shop.run("over", runs.HELD, day="2026-03-05", step="plan", error="60 texts, 50 allowed", **over)
    shop.run("failed", runs.FAILED, step="ask", error="disk full; make room\nmore", **whole)
    shop.run("running", runs.RUNNING, step="ingest", ended=False)
    shop.run("planned", runs.PLANNED, step="plan", dates={DAY: "planned only"}, plan=PLAN)
    shop.run("unchanged", runs.UNCHANGED, **whole, assembled=good, release=2)
    shop.run("built", runs.BUILT, day="reanswer:sentiment", kind="reanswer", selection={})
    shop.run("dismissed", runs.HELD, assembled=assembled(shop.tables, DRIFT))
    decisions.dismiss_run(shop.ops, "dismissed", Decision("ada", "spam", NOW))
    passed = assembled(shop.tables, DRIFT)
    shop.run("approved", runs.RELEASED, **whole, assembled=passed, release=3, kind="night")
    decisions.approve(shop.ops, "approved", Decision("ada", "a sale", NOW), said="approved by ada")
    shop.append(names.REVIEW_SENTIMENT, [review("r4")])
    shop.publish(3, "approved", DAY, reason="approved by ada (a sale): drift")
    return shop


@pytest.fixture(scope="session")
def rolled_back(tmp_path_factory):
    """The release of the second night was taken back."""
    shop = filled(Shop(tmp_path_factory.mktemp("home")))
    rollback(shop.catalog, 1, reason="wrong prices", now=NOW)
    return shop


@pytest.fixture
def older(shop):
    """Makes a run look as if an older version had made it, until the test is over."""
    kept = {}

    def make(run):
        row = runs.read_run(shop.ops, run)
        kept[run] = {name: row[name] for name in ("assembled", "accounts", "estimate")}
        gone = ("audit", "changed_rows")
        left = {name: value for name, value in row["assembled"].items() if name not in gone}
        estimate = {k: v for k, v in (row["estimate"] or {}).items() if k != "prices"}
        values = {"assembled": left, "accounts": sa.null(), "estimate": estimate or sa.null()}
        runs.update_run(shop.ops, run, **values)

    yield make
    for run, values in kept.items():
        before = {name: sa.null() if value is None else value for name, value in values.items()}
        runs.update_run(shop.ops, run, **before)
