"""The products of four public catalogs, or of the invented shop where those are absent."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from nightshelf.sample_shop.shop import DELIVERIES

#: Rules may be tuned on these.
TUNED = ("ikea", "attributes")
#: Nobody looks at single failures of these.
REPORTED = ("flipkart", "fashion")
INVENTED = "sample shop"


@dataclass(frozen=True)
class Product:
    """As the shop delivers it; `catalog` is where it is from."""

    catalog: str
    title: str
    brand: str | None = None
    category: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None

    @property
    def words(self) -> str:
        """All that is known of it, in small letters."""
        facts = (f"{name} {value}" for name, value in self.attributes.items())
        parts = (self.title, self.brand, self.category, *facts, self.description)
        return " ".join(part for part in parts if part).lower()


def catalogs(folder: Path | None) -> dict[str, list[Product]]:
    """By the catalog's name, in the order of the files; the invented shop without a folder."""
    found = {}
    for name, (file, read) in _SOURCES.items():
        if folder and (folder / file).is_file():
            rows = pq.read_table(folder / file).to_pylist()
            found[name] = [product for row in rows if (product := read(row))]
    return found or {INVENTED: list(_invented())}


def origin(found: Mapping[str, Sequence[Product]]) -> str:
    return ", ".join(f"{len(rows):,} of {name}" for name, rows in found.items())


def _ikea(row: Mapping[str, Any]) -> Product | None:
    sizes = {
        name: f"{row[f'{name}_cm']:g} cm"
        for name in ("depth", "height", "width")
        if row[f"{name}_cm"]
    }
    return Product("ikea", row["title"], row["name"], row["category"], sizes)


def _attributes(row: Mapping[str, Any]) -> Product | None:
    listed = json.loads(row["attributes"])
    facts = {name: ", ".join(values) for name, values in listed.items() if values}
    brand = facts.pop("Brand", None) or facts.pop("Brand Name", None)
    return Product("attributes", row["title"], brand, row["category"], facts)


def _flipkart(row: Mapping[str, Any]) -> Product | None:
    # Only rows with a specification say enough to write about.
    if not row["attributes"]:
        return None
    found = json.loads(row["attributes"])
    facts = {name: str(value) for name, value in found.items() if str(value).strip()}
    return Product(
        "flipkart", row["title"], row["brand"], row["category_path"], facts, row["description"]
    )


def _fashion(row: Mapping[str, Any]) -> Product | None:
    names = {"gender": "gender", "color": "colour", "season": "season", "usage": "usage"}
    facts = {ours: row[theirs] for theirs, ours in names.items() if row[theirs]}
    facts["type"] = row["article_type"]
    # The first word of these titles is the brand's first word.
    category = f"{row['master_category']} > {row['sub_category']}"
    return Product("fashion", row["title"], row["title"].split()[0], category, facts)


def _invented() -> Iterator[Product]:
    for delivery in DELIVERIES:
        if delivery.dataset != "catalog":
            continue
        for line in delivery.file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("title") and isinstance(row.get("attributes"), dict):
                facts = {name: str(value) for name, value in row["attributes"].items()}
                yield Product(
                    INVENTED,
                    row["title"],
                    row.get("brand"),
                    row.get("category"),
                    facts,
                    row.get("description"),
                )


_SOURCES = {
    "ikea": ("catalog_ikea_sa/products.parquet", _ikea),
    "attributes": ("product_attributes/offers.parquet", _attributes),
    "flipkart": ("catalog_flipkart/products.parquet", _flipkart),
    "fashion": ("catalog_fashion_styles/products.parquet", _fashion),
}
