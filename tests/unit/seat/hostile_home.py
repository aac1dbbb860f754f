"""A home in which everything that others can name is a hostile string."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from tests.unit.hostile import HOSTILE, storable
from tests.unit.seat.filled import NOW, Nights, estimate

from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import PRODUCT_INSIGHT, REJECTED, RELEASES, REVIEW_SENTIMENT
from nightshelf.night.step import run_name
from nightshelf.ops import runs

#: Of the lake's rows, and of the run that has assembled them.
LAKE_DAY, LAKE_RUN = "2026-03-29", "n20260329_1a4e"
_FIRST = date(2025, 6, 1)


def day_of(place):
    return (_FIRST + timedelta(days=place)).isoformat()


def run_of(place):
    """Of a run whose Airflow run is called by the string."""
    return run_name(day_of(place), storable(HOSTILE[place]))


def fill(settings):
    nights = Nights(settings)
    for place, text in enumerate(HOSTILE):
        _held(nights, place, text)
    _working(nights)
    _lake(nights)
    return nights


def _account(text):
    counts = {"rows_read": 3, "accepted": 1, "rejected": 1, "duplicate": 1}
    files = [{"file": text, "reason": text, "rows": 2}]
    refused = {"reasons": {text: 2}, "files": files, "more": 0}
    about = {"dataset": text, "landing_date": LAKE_DAY, "mode": text, "files": 1}
    return {**about, **counts, "files_rejected": 0, "refused": refused}


def _held(nights, place, text):
    run, at = run_of(place), datetime.fromisoformat(day_of(place)).replace(tzinfo=UTC)
    runs.open_run(nights.ops, run, date=day_of(place), step="release", now=at)
    question = {"rows": 1, "contents": 1, "reused": 0, "to_ask": 1, "causes": {text: 1}}
    plan = estimate(at, 10).as_dict() | {"fits": None}
    model = {"id": text, "name": text, "revision": text, "licence": text}
    model |= {"question": text, "identity": {text: text}}
    runs.register_model(nights.ops, run, {k: _column(v) for k, v in model.items()})
    runs.update_run(
        nights.ops,
        run,
        state=runs.HELD,
        ended_at=at,
        error=storable(text),
        dates={day_of(place): text},
        models={storable(text): storable(text)},
        plan={text: question},
        estimate=plan,
        accounts=[_account(text)],
        assembled={
            "violations": [text],
            "violated": [{"table": text, "expectation": text, "is_judgement": True}],
            "audit": [_check(text)],
            "ends": {text: {"current": 1, "answered": 1}},
            "rows": {text: 1},
        },
    )
    nights.wave(run, at, 10, {text: 1})


def _column(value):
    return storable(value) if isinstance(value, str) else value


def _check(text):
    figures = {"measured": 1.0, "at_least": None, "at_most": 0.0, "holds": False}
    return {"table": text, "expectation": text, "is_judgement": True, **figures}


def _working(nights):
    """One that runs now, and whose texts fail for every one of the reasons."""
    run = nights.add("2026-03-30", runs.RUNNING, step="ask", failures=dict.fromkeys(HOSTILE, 1))
    nights.work(run)


def _lake(nights):
    day = date.fromisoformat(LAKE_DAY)
    texts = list(map(storable, HOSTILE))
    review = {"product_id": "p1", "status": "failed", "landing_date": day, "run": LAKE_RUN}
    reviews = [{**review, "review_id": one, "reason": one, "model_version": one} for one in texts]
    refused = {"dataset": "reviews", "landing_date": day, "run": LAKE_RUN}
    rows = [
        {**refused, "file": one, "row": n, "field": one, "reason": one}
        for n, one in enumerate(texts)
    ]
    titles = [{"as_of": day, "product_id": one, "title": f"title {one}"} for one in texts]
    snapshot = _append(nights, REVIEW_SENTIMENT, reviews)
    _append(nights, REJECTED, rows)
    _append(nights, PRODUCT_INSIGHT, titles)
    _append(nights, RELEASES, [_release(n, one) for n, one in enumerate(texts, start=1)])
    nights.add(
        LAKE_DAY,
        runs.FAILED,
        run=LAKE_RUN,
        accounts=[_account("reviews") | {"rejected": len(rows)}],
        assembled={
            "tables": {REVIEW_SENTIMENT: snapshot},
            "ends": {REVIEW_SENTIMENT: {"current": len(texts), "failed": len(texts)}},
        },
    )


def _release(number, text):
    empty = {name: [] for name in ("tables", "digests", "dates", "withdrawn")}
    about = {"release": number, "parent": number - 1, "kind": text, "run": LAKE_RUN}
    return {**empty, **about, "models": [(text, text)], "reason": text, "released_at": NOW}


def _append(nights, name, rows):
    table = nights.catalog.load_table(local_name(name))
    table.append(pa.Table.from_pylist(rows, schema=TABLES[name].schema))
    return table.current_snapshot().snapshot_id
