"""What is asked for each product of the catalogs."""

from collections.abc import Iterable, Sequence

from benchmarks.corrupt.products import Product
from nightshelf.contracts.description_rules import DescriptionRuleBook
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.questions.description_content import description_content


def contents_of(products: Iterable[Product]) -> list[str]:
    """The distinct ones, in order."""
    return sorted({_content(one) for one in products})


def spread(contents: Sequence[str], rows: int) -> list[str]:
    """As many as wanted, from all over the catalogs."""
    return list(contents[:: max(1, len(contents) // rows)][:rows])


def _content(product: Product) -> str:
    fields = ProductFields.of(product.title, product.brand, product.category, product.attributes)
    return description_content(fields, DescriptionRuleBook())
