"""
Measure how much of names and addresses the redactor finds, and what else it takes for one.

    python -m benchmarks.redaction [--quick] [--data FOLDER] [--record]

With --record, what was found is what `nightshelf` says from now on before reviews are sent.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from benchmarks import report
from benchmarks.figure import Figure, in_words
from benchmarks.machine import machine
from benchmarks.redaction.finding import KINDS, Finding, judge, share
from benchmarks.redaction.gold import REPORTED, TUNED, Marked, read_marked
from benchmarks.redaction.reviews import (
    GOODS,
    SHOPS,
    Review,
    eaten,
    finds,
    flips,
    names_of,
    read_goods,
    read_reviews,
)
from benchmarks.results import with_results
from benchmarks.workshop import say
from nightshelf.errors import NightshelfError
from nightshelf.privacy.choice import with_names
from nightshelf.privacy.detect import find_spans
from nightshelf.privacy.english import is_english
from nightshelf.privacy.names import CatalogNames, NameRedactor, names_version
from nightshelf.privacy.presidio import Presidio
from nightshelf.privacy.recall import Recall, Share, place
from nightshelf.privacy.spans import Span

_RESULTS = Path(__file__).parents[1] / "results"
_QUICK_RESULTS = Path(".nightshelf") / "benchmarks"
PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
#: Texts of a half, and reviews of a shop.
QUICK, FULL = (200, 200), (None, 1_000)
_WARM_UP = "Questo prodotto funziona molto bene"
_DATA = "pii_presidio, templates that no rule was made by"


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    if given.data is None or not (given.data / "pii_presidio").is_dir():
        say("BENCH_DATA names no folder with pii_presidio in it: nothing can be measured")
        return 2
    try:
        redactor = NameRedactor(Presidio())
    except NightshelfError as error:
        say(str(error))
        return error.exit_code
    words = " ".join(sys.argv[1:] if arguments is None else arguments)
    today = datetime.now(UTC).date().isoformat()
    about = {
        "redactor": with_names(redactor),
        "date": today,
        "command": "make eval-redaction" + (f' ARGS="{words}"' if words else ""),
        **machine(),
    }
    figures, finding = _figures(redactor, given.data, QUICK if given.quick else FULL)
    shown = report.page(figures, about)
    say(shown)
    out = _QUICK_RESULTS if given.quick else _RESULTS
    known = {"about": about, "figures": report.fields(figures)}
    report.keep(out, "redaction", known, shown)
    if not given.quick:
        PAGE.write_text(with_results(PAGE.read_text("utf-8"), shown), "utf-8")
    if given.record:
        shares = {kind: finding.whole[kind] for kind in KINDS}
        recall = Recall(names_version(redactor.finder), today, _DATA, shares)
        place().write_text(recall.as_json(), "utf-8")
        say(f"recorded: {recall}")
    say(f"results: {out}")
    say(in_words(figures))
    return 0


def _figures(
    redactor: NameRedactor, folder: Path, sizes: tuple[int | None, int]
) -> tuple[list[Figure], Finding]:
    """All figures, and what was found in the half that is reported."""
    figures: list[Figure] = []
    of_half = {}
    for half in (REPORTED, TUNED):
        texts = read_marked(folder, half)[: sizes[0]]
        of_half[half] = judge(texts, _found(redactor, texts))
        figures += _of_half(of_half[half], half)
    for shop in SHOPS:
        figures += _of_shop(redactor, shop, read_reviews(folder, shop, sizes[1]))
    figures += _of_shop(redactor, GOODS, read_goods(folder, sizes[1]))
    return figures, of_half[REPORTED]


def _found(redactor: NameRedactor, texts: Sequence[Marked]) -> list[list[Span]]:
    """What ingest replaces in all: the rules find some of it before names are looked for."""
    named = redactor.find([one.text for one in texts], [""] * len(texts))
    return [[*spans, *find_spans(one.text)] for one, spans in zip(texts, named, strict=True)]


def _of_half(finding: Finding, half: str) -> list[Figure]:
    made = []
    theirs = [kind for kinds in KINDS.values() for kind in kinds]
    for kind in (*KINDS, *theirs):
        if kind in finding.whole:
            what = f"{_words(finding.whole[kind])}; nothing of it is left"
            made.append(_figure(f"recall_{half}_{kind.lower()}", finding.whole[kind], what))
    for kind in KINDS:
        what = f"{_words(finding.touched[kind])}; at least a part is gone"
        made.append(_figure(f"touched_{half}_{kind}", finding.touched[kind], what))
    for kind in ("name", "place", "address"):
        what = f"{_words(finding.precision[kind])}; finds that touch a name, place or address"
        made.append(_figure(f"precision_{half}_{kind}", finding.precision[kind], what))
    return made


def _of_shop(redactor: NameRedactor, shop: str, reviews: Sequence[Review]) -> list[Figure]:
    kept = names_of(reviews)
    is_english(_WARM_UP)
    begun = process_time()
    english = [one for one in reviews if is_english(one.text)]
    found = finds(NameRedactor(redactor.finder, kept), english)
    seconds = process_time() - begun
    n, changed = len(english), sum(bool(spans) for spans in found)
    made = [
        _figure(f"changed_{shop}", share(changed, n), f"{_words(share(changed, n))}; reviews"),
        _figure(
            f"flips_{shop}",
            (flipped := share(flips(english, found), n)),
            f"{_words(flipped)}; reviews of which the sentiment is another",
        ),
        Figure(
            name=f"not_english_{shop}",
            what=f"of {len(reviews):,} reviews, left as they are",
            values=(float(len(reviews) - n),),
        ),
        Figure(
            name=f"texts_per_second_{shop}",
            what="texts per CPU-second, language and all",
            values=(len(reviews) / seconds,),
        ),
    ]
    if not kept.titles:
        return made
    bare = finds(NameRedactor(redactor.finder, CatalogNames()), english)
    for name, ones in (("eaten", found), ("eaten_without_catalog", bare)):
        lost = share(*eaten(english, ones, kept))
        made.append(_figure(f"{name}_{shop}", lost, f"{_words(lost)}; words of titles and brands"))
    return made


def _figure(name: str, found: Share, what: str) -> Figure:
    return Figure(name=name, what=what, values=(found.found / found.n,))


def _words(found: Share) -> str:
    return f"{found.found:,} of {found.n:,}, 95%: {found.low:g} to {found.high:g}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make eval-redaction", description=__doc__)
    data = os.environ.get("BENCH_DATA")
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None)
    parser.add_argument("--record", action="store_true", help="keep the recall with the code")
    return parser


if __name__ == "__main__":
    sys.exit(main())
