"""The sets that are evaluated on, as reviews."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from nightshelf.training.prepare.reading import Review, read_reviews

CLOTHING, UCI, DEVICES = (
    "reviews_womens_clothing",
    "reviews_uci_sentences",
    "reviews_amazon_datafiniti",
)
_STARS = {0: 1.0, 1: 5.0}


@dataclass(frozen=True)
class Sets:
    """Reviews by the name of their folder; sets that are not there are absent."""

    by_name: dict[str, Sequence[Review]]
    paths: dict[str, Path]


def read_sets(folder: Path, most: int | None = None) -> Sets:
    """`most`: a drawn sample of so many of each."""
    by_name: dict[str, Sequence[Review]] = {}
    paths = {name: folder / name / "reviews.parquet" for name in (CLOTHING, UCI, DEVICES)}
    for name, path in paths.items():
        if path.is_file():
            found = _uci(path) if name == UCI else read_reviews([path], _rename(name))[0]
            drawn = random.Random(7).sample(found, min(most or len(found), len(found)))
            by_name[name] = drawn if most else found
    return Sets(by_name, {name: paths[name] for name in by_name})


def _rename(name: str) -> dict[str, str]:
    return {"category": "department"} if name == CLOTHING else {}


def _uci(path: Path) -> list[Review]:
    rows = pq.read_table(path, columns=["text", "label", "domain"]).to_pylist()
    return [
        Review(body=row["text"], rating=_STARS[row["label"]], category=row["domain"])
        for row in rows
    ]
