"""Three nights: a first one, the same with 1% of the rows changed, and one of new rows."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.night.shop import deliver, distinct
from benchmarks.workshop import say
from nightshelf.landing.dates import parse_date
from nightshelf.night.context import Context, utc_now
from nightshelf.night.night import run_night
from nightshelf.ops import runs
from nightshelf.services.configuration import of_settings
from nightshelf.settings import Settings

CHANGED = 100
"""One row in so many."""


def nights(settings: Settings, texts: Sequence[str], rows: int) -> list[dict[str, Any]]:
    """What each night was planned to take, and took."""
    first = distinct(texts, rows)
    second = [
        f"{text} and more" if number % CHANGED == 0 else text for number, text in enumerate(first)
    ]
    third = distinct(texts, rows // 2, first=rows)
    deliver(settings, "2026-03-01", first)
    found = [_night(settings, "first", "2026-03-01")]
    deliver(settings, "2026-03-02", second)
    found.append(_night(settings, "1% changed", "2026-03-02"))
    deliver(settings, "2026-03-03", third, first=rows)
    found.append(_night(settings, "new rows", "2026-03-03"))
    return found


def _night(settings: Settings, name: str, date: str) -> dict[str, Any]:
    context = Context(settings, utc_now, say)
    environ = {**_plain(os.environ), **of_settings(settings)}
    begun = time.monotonic()
    run = run_night(context, parse_date(date), environ)
    row = runs.read_run(context.ops, run)
    asked, estimate = row["asked"], row["estimate"]
    return {
        "night": name,
        "rows": row["plan"]["sentiment"]["rows"],
        "texts": asked["texts"],
        "tokens": asked["tokens"],
        "planned_tokens": estimate["tokens"],
        "counted": sum(part["counted"] for part in estimate["parts"]),
        "wall_seconds": asked["wall_seconds"],
        "planned_seconds": estimate["seconds"],
        "busy_seconds": asked["busy_seconds"],
        "waves": asked["waves"],
        "job_seconds": time.monotonic() - begun,
    }


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    """An operator's own settings must not change what is measured."""
    return {name: text for name, text in environ.items() if not name.startswith("NIGHTSHELF_")}
