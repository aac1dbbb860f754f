"""What the shop delivers on each night, and how its columns are named."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Delivery:
    """
    One file of one night, as it is given to `land`.

    `rename` maps a contract's field to the shop's own column; fields it does not name are called
    as in the contract. `mode` is `snapshot` or `delta` for a catalog and None for reviews.
    """

    dataset: str
    date: str
    file: Path
    rename: Mapping[str, str]
    mode: str | None


AS_IN_THE_CONTRACT: Mapping[str, str] = MappingProxyType({})

#: Columns of the shop's export, night one. It has no `op`: an export only adds.
CSV_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "review_id": "id",
        "product_id": "sku",
        "customer_id": "customer",
        "created_at": "date",
        "rating": "stars",
        "title": "headline",
        "body": "text",
        "language": "lang",
    }
)

#: Keys of the shop's feed, night two; `op` is called as in the contract.
JSONL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "review_id": "ref",
        "product_id": "item",
        "customer_id": "buyer",
        "created_at": "written_at",
        "rating": "score",
        "title": "subject",
        "body": "comment",
        "language": "lang",
    }
)

NIGHT_ONE, NIGHT_TWO = "2026-03-01", "2026-03-02"


def _catalog(date: str, mode: str) -> Delivery:
    return Delivery("catalog", date, FOLDER / date / "catalog.jsonl", AS_IN_THE_CONTRACT, mode)


def _reviews(date: str, name: str, rename: Mapping[str, str]) -> Delivery:
    return Delivery("reviews", date, FOLDER / date / name, rename, None)


#: In the order in which they land.
DELIVERIES: tuple[Delivery, ...] = (
    _catalog(NIGHT_ONE, "snapshot"),
    _reviews(NIGHT_ONE, "reviews.csv", CSV_COLUMNS),
    _catalog(NIGHT_TWO, "delta"),
    _reviews(NIGHT_TWO, "reviews.jsonl", JSONL_COLUMNS),
)
