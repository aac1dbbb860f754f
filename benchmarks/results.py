"""Write what was measured: JSON, Markdown, a plot, and the part of the README that shows them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.measured import Measured
from benchmarks.plan import PART_OF
from benchmarks.plot import draw
from benchmarks.table import About, page

FILE = "results.json"
BEGIN, END = "<!-- results -->", "<!-- /results -->"
README = Path(__file__).with_name("README.md")


def kept(folder: Path, parts: Sequence[str]) -> tuple[dict[str, About], list[Measured]]:
    """What an earlier run has left of all parts but these, and under which conditions."""
    path = folder / FILE
    if not path.is_file():
        return {}, []
    found = json.loads(path.read_text("utf-8"))
    abouts = {part: about for part, about in found["about"].items() if part not in parts}
    rows = [Measured(**{**row, "runs": tuple(row["runs"])}) for row in found["measured"]]
    return abouts, [row for row in rows if PART_OF.get(row.part, row.part) in abouts]


def write(
    folder: Path,
    abouts: Mapping[str, About],
    figures: Sequence[Figure],
    measured: Sequence[Measured],
) -> None:
    """
    Into `folder`; where that is the one the README shows, into the README as well.

    `abouts` says of each part under which conditions it was measured.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {
        "about": abouts,
        "figures": [asdict(one) | {"value": one.value} for one in figures],
        "measured": [asdict(one) for one in measured],
    }
    (folder / FILE).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    shown = page(abouts, figures, measured)
    (folder / "results.md").write_text(shown, "utf-8")
    if any(one.runs for one in measured):
        draw(measured, folder / "speed.svg")
    if folder.resolve() == README.parent.joinpath("results").resolve():
        README.write_text(with_results(README.read_text("utf-8"), shown), "utf-8")


def with_results(text: str, shown: str) -> str:
    """
    `text` with what stands between its marks replaced.

    >>> print(with_results("a\\n<!-- results -->\\nold\\n<!-- /results -->\\nb", "new\\n"))
    a
    <!-- results -->
    new
    <!-- /results -->
    b
    """
    old = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return old.sub(lambda _: f"{BEGIN}\n{shown}{END}", text)
