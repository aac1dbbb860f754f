"""Real catalogs as the contract's fields, read where they lie; the sample shop where none do."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from nightshelf.contracts.product_fields import ProductFields
from nightshelf.sample_shop.shop import FOLDER

Row = Mapping[str, Any]
#: The folder that holds the data sets, as for all benchmarks.
VARIABLE = "BENCH_DATA"
NAMES = ("ikea", "flipkart", "fashion")
_FOLDERS = {
    "ikea": "catalog_ikea_sa",
    "flipkart": "catalog_flipkart",
    "fashion": "catalog_fashion_styles",
}


def data_folder() -> Path | None:
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named else None


def catalog(name: str, folder: Path | None) -> list[ProductFields]:
    """Products that have attributes, in the order of the file; none where the file is absent."""
    path = folder / _FOLDERS[name] / "products.parquet" if folder else None
    if path is None or not path.is_file():
        return []
    rows = pq.read_table(path).to_pylist()
    made = {"ikea": _ikea, "flipkart": _flipkart, "fashion": _fashion}[name]
    return [fields for row in rows if (fields := made(row)) is not None and fields.attributes]


def brands(folder: Path | None) -> list[str]:
    """Of the one catalog that names them."""
    path = folder / _FOLDERS["flipkart"] / "products.parquet" if folder else None
    if path is None or not path.is_file():
        return []
    return [one for one in pq.read_table(path, columns=["brand"])["brand"].to_pylist() if one]


def reviews(folder: Path | None) -> list[str]:
    """English, by whatever shops have left some; for how people write ordinary words."""
    path = folder / "reviews_womens_clothing" / "reviews.parquet" if folder else None
    if path is None or not path.is_file():
        return []
    return [one for one in pq.read_table(path, columns=["text"])["text"].to_pylist() if one]


def _ikea(row: Row) -> ProductFields:
    sides = {name: _number(row[name]) for name in ("width_cm", "depth_cm", "height_cm")}
    attributes = {**sides, "designer": row["designer"]}
    return ProductFields.of(row["title"], None, row["category"], attributes)


def _flipkart(row: Row) -> ProductFields | None:
    if not row["attributes"]:
        return None
    told = json.loads(row["attributes"])
    return ProductFields.of(row["title"], row["brand"], row["category_path"], told)


def _fashion(row: Row) -> ProductFields:
    path = [row[name] for name in ("master_category", "sub_category", "article_type")]
    names = ("gender", "article_type", "color", "season", "usage", "year")
    attributes = {name: _number(row[name]) for name in names}
    return ProductFields.of(row["title"], None, " > ".join(filter(None, path)), attributes)


def _number(value: object) -> str | None:
    """As ingest writes it: a whole number without `.0`."""
    return None if value is None else str(value).removesuffix(".0")


def sample_shop() -> Iterator[tuple[ProductFields, str]]:
    """The invented shop's products, each with its own description."""
    for path in sorted(FOLDER.glob("*/catalog.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("title") and row.get("description"):
                named = (row[name] for name in ("title", "brand", "category", "attributes"))
                yield ProductFields.of(*named), row["description"]
