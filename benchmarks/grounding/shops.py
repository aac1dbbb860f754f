"""The catalogs that all parts read, how much of them, and products as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corrupt.products import INVENTED, REPORTED, Product, catalogs
from nightshelf.grounding.evidence import Evidence, product_evidence


@dataclass(frozen=True)
class Sizes:
    """
    `each` lies of a kind, `true` texts, both of a catalog and language; `described` products, and
    `orders` to the writer in products and reviews.
    """

    each: int
    true: int
    described: int
    orders: int


FULL = Sizes(each=200, true=1_000, described=3_000, orders=4_200)
QUICK = Sizes(each=12, true=60, described=150, orders=98)


@dataclass(frozen=True)
class Shops:
    """`catalogs` by name: those of the tuned ones, too; `folder` is where they were read from."""

    catalogs: Mapping[str, Sequence[Product]]
    sizes: Sizes
    folder: Path | None = None

    @property
    def reported(self) -> tuple[str, ...]:
        """The catalogs that figures are made of: never those that rules were tuned on."""
        return tuple(name for name in (*REPORTED, INVENTED) if name in self.catalogs)


def read_shops(folder: Path | None, sizes: Sizes) -> Shops:
    return Shops(catalogs(folder), sizes, folder)


def evidence_of(product: Product) -> Evidence:
    return product_evidence(
        title=product.title,
        brand=product.brand,
        category=product.category,
        attributes=product.attributes,
        description=product.description,
    )
