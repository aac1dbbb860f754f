"""What was planned and what it came to: texts, tokens, time and money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nightshelf.ops.remote_spend import spend_of
from nightshelf.ops.times import in_utc
from nightshelf.report.asking import COMMITTED
from nightshelf.report.shape_verdict import Amounts, Cost, Plan
from nightshelf.report.source import Source

_NANOS = 1e9
_CAPS = ("rows", "tokens", "cost")


def plan(source: Source) -> Plan:
    estimate, decided = source.row["estimate"] or {}, source.row["caps"] or {}
    caps = {name: decided.get(name, getattr(source.settings, f"cap_{name}")) for name in _CAPS}
    planned = _planned(estimate) if estimate else None
    return {
        "planned": planned,
        "actual": _actual(source),
        "is_exact": bool(estimate.get("exact")),
        "caps": caps,
        "over": _over(caps, planned),
        "decision": decided.get("over_cap"),
        "finish": estimate.get("finish"),
        "deadline": estimate.get("deadline"),
        "is_late": _is_late(source, estimate.get("deadline")),
    }


def cost(source: Source) -> Cost:
    estimate = source.row["estimate"] or {}
    own, by_servers = _own_cost(source), _of_servers(source)
    actual = None if own is None else own + (by_servers or 0.0)
    texts = sum(int(wave["texts"] or 0) for wave in source.waves)
    return {
        "currency": str(_prices(source)["currency"]),
        "planned": estimate.get("cost"),
        "actual": actual,
        "of_servers": by_servers,
        "per_thousand_texts": 1000 * actual / texts if actual is not None and texts else None,
        "note": _note(source, by_servers),
    }


def _note(source: Source, by_servers: float | None) -> str:
    prices = _prices(source)
    if not (prices["million_tokens"] or prices["device_hour"] or by_servers):
        return "No price is set: NIGHTSHELF_PRICE_PER_MILLION_TOKENS and …_PER_DEVICE_HOUR."
    if _own_cost(source) is None:
        return "Device hours are not counted: this run did not keep how many devices it had."
    return ""


def _prices(source: Source) -> Mapping[str, Any]:
    """As planned; of an older run those of today, and nobody knows on how many devices."""
    settings = source.settings
    today = {
        "million_tokens": settings.price_per_million_tokens,
        "device_hour": settings.price_per_device_hour,
        "devices": None,
        "currency": settings.currency,
    }
    return (source.row["estimate"] or {}).get("prices") or today


def _own_cost(source: Source) -> float | None:
    """By the same prices as the plan's: of tokens, and of devices while waves ran."""
    prices, actual = _prices(source), _actual(source)
    hours = (actual["seconds"] or 0.0) / 3600
    if prices["device_hour"] and hours and prices["devices"] is None:
        return None
    by_hour = prices["device_hour"] * (prices["devices"] or 0) * hours
    return float(prices["million_tokens"] * (actual["tokens"] or 0) / 1e6 + by_hour)


def _of_servers(source: Source) -> float | None:
    spent = spend_of(source.ops, source.run)
    return spent.spent_nanos / _NANOS if spent else None


def _planned(estimate: Mapping[str, Any]) -> Amounts:
    return {
        "texts": estimate.get("texts"),
        "tokens": estimate.get("tokens"),
        "waves": sum(int(part.get("waves") or 0) for part in estimate.get("parts", ())),
        "seconds": estimate.get("seconds"),
        "cost": estimate.get("cost"),
    }


def _actual(source: Source) -> Amounts:
    """Over all attempts: what an earlier one has asked was paid for, too."""
    done = [wave for wave in source.waves if wave["state"] == COMMITTED]
    return {
        "texts": sum(int(wave["texts"] or 0) for wave in done),
        "tokens": sum(int(wave["tokens"] or 0) for wave in done),
        "waves": len(done),
        "seconds": sum(float(wave["seconds"] or 0.0) for wave in done),
        "cost": None,
    }


def _over(caps: Mapping[str, float], planned: Amounts | None) -> list[str]:
    if planned is None:
        return []
    amounts = {"rows": planned["texts"], "tokens": planned["tokens"], "cost": planned["cost"]}
    return [name for name, most in caps.items() if most and (amounts[name] or 0) > most]


def _is_late(source: Source, deadline: str | None) -> bool | None:
    """None while it is not over, or where there is no deadline."""
    ended = source.row["ended_at"]
    if not deadline or ended is None:
        return None
    return in_utc(ended) > datetime.fromisoformat(deadline)
