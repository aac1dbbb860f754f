"""Day by day: sentiment, how it moved, what failed, how fast it was and what 1,000 rows cost."""

from collections.abc import Mapping

from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.ops import runs
from nightshelf.seat import lake
from nightshelf.seat.calendar import DAYS, calendar
from nightshelf.seat.nights import took
from nightshelf.seat.sources import Json, Sources

#: Fewer reviews than this say nothing about a share; as in `quality.drift`.
_ENOUGH = 100


def trends(sources: Sources, until: str | None = None, days: int = DAYS) -> Json:
    """
    A point a day that was run, oldest first; what was not measured is None.

    `drift` is the largest change of a sentiment's share against the day before that had enough
    reviews, `failed_share` of the texts asked, `tokens_per_second` by the clock, `cost_per_1000`
    texts in `currency`. `limits` are the settings' own for `drift` and `failed_share`.
    """
    window = calendar(sources, until, days)
    done = [one for one in window["days"] if one["run"]]
    spent = took(sources, [one["run"] for one in done])
    shares = _shares(sources, window["first"])
    before: Mapping[str, float] | None = None
    points: list[Json] = []
    for one in done:
        used, asked = spent[one["run"]], one["asked"]
        now = shares.get(one["date"]) if one["state"] == runs.RELEASED else None
        points.append(
            {
                "date": one["date"],
                "shares": now,
                "drift": _drift(before, now),
                "failed_share": one["failed"] / asked if asked else None,
                "tokens_per_second": used.usage.tokens / used.seconds if used.seconds else None,
                "cost_per_1000": one["cost"] * 1000 / asked if asked else None,
            }
        )
        before = now or before
    return {
        "points": points,
        "first": window["first"],
        "last": window["last"],
        "currency": window["currency"],
        "has_prices": window["has_prices"],
        "limits": {
            "drift": sources.settings.max_label_drift,
            "failed_share": sources.settings.max_failed_share,
        },
    }


def _shares(sources: Sources, first: str) -> dict[str, dict[str, float]]:
    found = lake.all_releases(sources)
    if not found or REVIEW_SENTIMENT not in found[-1].tables:
        return {}
    counts = lake.labels_by_date(sources, found[-1], first)
    return {
        date: {label: count / total for label, count in sorted(labels.items())}
        for date, labels in counts.items()
        if (total := sum(labels.values())) >= _ENOUGH
    }


def _drift(before: Mapping[str, float] | None, now: Mapping[str, float] | None) -> float | None:
    """
    >>> _drift({"negative": 0.5, "positive": 0.5}, {"negative": 0.25, "positive": 0.75})
    0.25
    >>> _drift(None, {"negative": 1.0}) is None
    True
    """
    if not before or not now:
        return None
    return max(abs(now.get(one, 0.0) - before.get(one, 0.0)) for one in {*before, *now})
