"""The shop of the trials: two landing dates whose rows follow from a seed."""

import json
import random
from collections.abc import Mapping, Sequence

from benchmarks.faults.lake import Lake
from nightshelf.contracts import CONTRACTS
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.models.faulty import poison

FIRST, SECOND = "2026-03-01", "2026-03-02"
PRODUCTS, OLD, NEW, EDITED, DELETED = 8, 30, 40, 6, 2
_WORDS = (
    *("good", "bad", "love", "broken", "great", "the", "lamp", "kettle"),
    *("box", "cheap", "best", "awful", "handle", "cable", "lid"),
)

Row = Mapping[str, object]


def land_both(lake: Lake, seed: int, *, poisonous: int = 0) -> None:
    """
    Reviews and catalog of both dates: new, edited, deleted and repeated ones, and broken rows.

    `poisonous` of the second date's texts kill a host that a faulty model runs in.
    """
    rng = random.Random(seed)  # noqa: S311  a trial is repeated by its seed
    products = [_product(n, rng) for n in range(PRODUCTS)]
    reviews = [_review(n, rng) for n in range(OLD)]
    _land(lake, "catalog", products, FIRST)
    _land(lake, "reviews", [*reviews, {"review_id": "bad", "body": "no product"}], FIRST)
    _land(lake, "catalog", [*products[1:], _product(PRODUCTS, rng)], SECOND)
    later = [_review(OLD + n, rng) for n in range(NEW)]
    later += [_review(n, rng) for n in range(EDITED)]
    later += [{**reviews[-1 - n], "op": "delete"} for n in range(DELETED)]
    later += [{**reviews[10], "review_id": "copy"}, {"review_id": "worse", "product_id": "p1"}]
    later += [
        {"review_id": f"x{n}", "product_id": "p1", "body": f"{poison('kill')} {n}"}
        for n in range(poisonous)
    ]
    _land(lake, "reviews", later, SECOND)


def _product(number: int, rng: random.Random) -> Row:
    words = " ".join(rng.choices(_WORDS, k=4))
    return {"product_id": f"p{number}", "title": f"{words} {number}", "category": "things"}


def _review(number: int, rng: random.Random) -> Row:
    body = f"{' '.join(rng.choices(_WORDS, k=rng.randint(3, 12)))} {rng.randrange(10**6)}"
    product = f"p{rng.randrange(PRODUCTS)}"
    return {"review_id": f"r{number}", "product_id": product, "body": body, "rating": 4}


def _land(lake: Lake, dataset: str, rows: Sequence[Row], date: str) -> None:
    source = lake.home / "delivered" / f"{dataset}.jsonl"
    source.parent.mkdir(parents=True, exist_ok=True)
    fields = CONTRACTS[dataset].schema.names
    source.write_text("".join(json.dumps(dict.fromkeys(fields) | row) + "\n" for row in rows))
    mode = "snapshot" if dataset == "catalog" else None
    landing = lake.settings.landing
    land(landing, dataset, [source], parse_date(date), rename={}, mode=mode)
