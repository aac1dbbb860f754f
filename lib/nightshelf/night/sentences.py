"""A plan in plain sentences."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from nightshelf.night.estimate import Estimate, Part
from nightshelf.settings import Settings

_UNITS = {"rows": "texts", "tokens": "tokens"}
_ORDERS = {
    "newest": "the newest first",
    "oldest": "the oldest first",
    "most_reviewed": "those of the most reviewed products first",
    "shortest": "the shortest first",
}


def amount(name: str, value: float, settings: Settings) -> str:
    """
    >>> amount("tokens", 1234567, Settings()), amount("cost", 2.5, Settings())
    ('1,234,567 tokens', '2.50 USD')
    """
    if name == "cost":
        # What costs less than a cent costs something all the same.
        digits = ",.2f" if value >= 0.1 else ".4g"
        return f"{value:{digits}} {settings.currency}"
    return f"{value:,.0f} {_UNITS[name]}"


def fitting(fits: Mapping[str, Any], settings: Settings) -> str:
    """What a cap lets through, in the words of a sentence."""
    money = f", {amount('cost', fits['cost'], settings)}" if fits["cost"] else ""
    return (
        f"{fits['texts']:,} texts with {fits['tokens']:,} tokens{money}, those deferred before"
        f" first, then {_ORDERS[fits['order']]}"
    )


def of_question(question: str, found: Mapping[str, Any]) -> str:
    """One line a question: what there is, what is known, what has to be asked and why."""
    causes = {name: count for name, count in found.get("causes", {}).items() if count}
    why = f" ({', '.join(f'{count} {name}' for name, count in causes.items())})" if causes else ""
    return (
        f"plan: {question}: {found['rows']} rows, {found['contents']} distinct texts,"
        f" {found['reused']} answered before, {found['to_ask']} to ask{why}"
    )


def of_estimate(estimate: Estimate, settings: Settings) -> Iterator[str]:
    """What the whole night is expected to read, take and cost, and when it will be done."""
    if not estimate.texts:
        yield "plan: nothing has to be asked"
        return
    for part in estimate.parts:
        yield f"plan: {', '.join(part.questions)}: {_reading(part)}{_time(part)}"
    if settings.price_per_million_tokens or settings.price_per_device_hour:
        yield f"plan: cost {_cost(estimate, settings)}"
    yield f"plan: {_finish(estimate)}"


def of_caps(run: str, decided: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """What was decided for a run, and what to do next."""
    for name in ("rows", "tokens", "cost"):
        if name in decided:
            most = amount(name, decided[name], settings) if decided[name] else "no cap"
            yield f"{name}: {most}"
    if what := decided.get("over_cap"):
        yield f"over a cap: {what}"
    if not decided:
        yield f"run {run} has no caps of its own: those of the settings apply"
    else:
        yield "now clear the task `plan` in Airflow, or run `nightshelf night` with this --run"


def _reading(part: Part) -> str:
    how = "counted" if part.counted == part.texts else f"estimated from {part.counted:,} texts"
    return f"{part.texts:,} texts to read, {part.tokens:,} tokens ({how})"


def _time(part: Part) -> str:
    if not part.texts:
        return ""
    waves = f"in {part.waves} wave{'s' if part.waves > 1 else ''}"
    if part.seconds is None:
        return f", {waves}; how long that takes was not measured yet"
    return f", {waves}: {_span(part.seconds)} as measured over {part.measured_waves} waves"


def _cost(estimate: Estimate, settings: Settings) -> str:
    known = amount("cost", estimate.cost, settings)
    if not estimate.is_whole:
        return f"{known} for tokens; that of device hours is not known before a night was measured"
    return known


def _finish(estimate: Estimate) -> str:
    by = f"the night's deadline is {_at(estimate.deadline)}"
    if estimate.finish is None:
        return f"{by}; when it will be done is not known before a night was measured"
    early = (estimate.deadline - estimate.finish).total_seconds()
    compared = f"{_span(abs(early))} {'before' if early >= 0 else 'AFTER'} its deadline"
    return f"done at about {_at(estimate.finish)}, {compared}, {_at(estimate.deadline)}"


def _at(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _span(seconds: float) -> str:
    """
    >>> _span(47.3), _span(754), _span(7500)
    ('47 s', '12 min 34 s', '2 h 5 min')
    """
    whole = timedelta(seconds=round(seconds))
    minutes, rest = divmod(int(whole.total_seconds()), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
