"""What the measuring commands have in common: their parts, their figures, and where both go."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.table import table_of_figures


def complaint(parts: Iterable[str], known: Collection[str]) -> str:
    """
    Empty where all parts are known.

    >>> complaint(["speed", "sped"], ["speed"])
    'no part is called sped; parts: speed'
    """
    unknown = set(parts) - set(known)
    if not unknown:
        return ""
    return f"no part is called {', '.join(sorted(unknown))}; parts: {', '.join(known)}"


def listed(about: Mapping[str, str]) -> str:
    """Under which conditions something was measured, one a line."""
    return "\n".join(f"- {name}: {value}" for name, value in about.items())


def page(figures: Sequence[Figure], about: Mapping[str, str]) -> str:
    return f"{table_of_figures(figures)}\n\n{listed(about)}\n"


def fields(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """As JSON carries them."""
    return [asdict(one) | {"value": one.value} for one in figures]


def keep(out: Path, name: str, known: Mapping[str, Any], shown: str) -> None:
    """`NAME.json` and `NAME.md` in the folder `out`, made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    (out / f"{name}.md").write_text(shown, "utf-8")
