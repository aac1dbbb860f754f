"""What models were asked, how fast they answered, and what failed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import And, BooleanExpression, EqualTo, In

from nightshelf.answers.status import FAILED
from nightshelf.engine.usage import Usage
from nightshelf.lakehouse.catalog import local_name
from nightshelf.ops.runs import Row
from nightshelf.report.shape_asked import Asked, FailedRow, Failures, Figures, Wave, Waves
from nightshelf.report.source import Source
from nightshelf.report.text import iso

#: Waves in a report; the sums are of all.
MOST_WAVES = 200
COMMITTED = "committed"


def questions(source: Source) -> list[Asked]:
    answers: dict[str, Counter[str]] = {}
    for wave in source.waves:
        for question, counts in (wave["answers"] or {}).items():
            answers.setdefault(question, Counter()).update(counts)
    plan = source.row["plan"] or {}
    known = [*plan, *(one for one in answers if one not in plan)]
    return [_asked(one, plan.get(one, {}), answers.get(one, {})) for one in known]


def _asked(question: str, counts: Mapping[str, Any], answers: Mapping[str, int]) -> Asked:
    return {
        "question": question,
        "rows": int(counts.get("rows", 0)),
        "contents": int(counts.get("contents", 0)),
        "reused": int(counts.get("reused", 0)),
        "to_ask": int(counts.get("to_ask", 0)),
        "causes": {why: int(n) for why, n in (counts.get("causes") or {}).items() if n},
        "answers": dict(answers),
    }


def waves(source: Source) -> Waves:
    done = [wave for wave in source.waves if wave["state"] == COMMITTED]
    return {
        "count": len(done),
        "total": _figures(done),
        "waves": [_wave(wave) for wave in source.waves[-MOST_WAVES:]],
    }


def usage_of(found: Iterable[Row]) -> Usage:
    usage = Usage()
    for wave in found:
        usage.add(wave["usage"] or {})
    return usage


def _wave(wave: Row) -> Wave:
    started = iso(wave["started_at"]) or ""
    named = {"wave": wave["wave"], "state": wave["state"], "started_at": started}
    return {**_figures([wave]), **named}  # type: ignore[typeddict-item]


def _figures(found: list[Row]) -> Figures:
    usage = usage_of(found)
    seconds = sum(float(wave["seconds"] or 0.0) for wave in found)
    texts = sum(int(wave["texts"] or 0) for wave in found)
    tokens = sum(int(wave["tokens"] or 0) for wave in found)
    return {
        "texts": texts,
        "tokens": tokens,
        "seconds": seconds,
        "texts_per_second": texts / seconds if seconds else None,
        "tokens_per_second": tokens / seconds if seconds else None,
        "padding_share": usage.padding_share if usage.padded_tokens else None,
        "busy_share": usage.busy_share if usage.seconds else None,
        "restarts": usage.restarts,
        "peak_mb": round(usage.peak_kb / 1024),
    }


def failures(source: Source) -> Failures:
    reasons = Counter(usage_of(source.waves).failures)
    published = source.failed_rows
    return {
        "reasons": dict(reasons.most_common()),
        "published": published,
        "sample": list(_sample(source))[: source.page.limit] if published else [],
    }


def _sample(source: Source) -> Iterator[FailedRow]:
    """Ids and reasons of rows that show a failure, as the run has assembled them."""
    for name, ends in source.assembled["ends"].items():
        snapshot = source.assembled.get("tables", {}).get(name)
        if ends.get(FAILED) and snapshot is not None:
            yield from _failed_in(source, name, snapshot)


def _failed_in(source: Source, name: str, snapshot: int) -> Iterator[FailedRow]:
    try:
        table = source.catalog.load_table(local_name(name))
    except NoSuchTableError:
        return
    if table.snapshot_by_id(snapshot) is None:
        return  # cleared away since
    columns = {one.name for one in table.schema().fields}
    id_field = "review_id" if "review_id" in columns else "product_id"
    scan = table.scan(
        _failed(source.dates),
        snapshot_id=snapshot,
        selected_fields=(id_field, "reason", "model_version"),
        limit=source.page.limit,
    )
    for row in scan.to_arrow().to_pylist():
        yield _row(name, row[id_field], row)


def _row(table: str, found: str, row: Mapping[str, Any]) -> FailedRow:
    about = {"reason": row["reason"], "model_version": row["model_version"]}
    return {"table": table, "id": found, **about}  # type: ignore[typeddict-item]


def _failed(dates: list[str]) -> BooleanExpression:
    # Their signatures are only known when they run.
    failed: BooleanExpression = EqualTo("status", FAILED)  # type: ignore[call-arg,arg-type]
    if not dates:
        return failed
    return And(failed, In("landing_date", dates))  # type: ignore[call-arg,arg-type]
