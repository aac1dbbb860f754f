"""The text that a writer of descriptions reads of a product: its fields and the rules for it."""

from collections.abc import Mapping
from typing import Any

from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.contracts.description_rules import DescriptionRuleBook
from nightshelf.contracts.product_fields import ProductFields


def description_content(
    fields: ProductFields, book: DescriptionRuleBook, shop_text: str | None = None
) -> str:
    """
    One line of JSON, equal for equal products under equal rules; `DescriptionRequest` reads it.

    Of the rules it holds what shapes this very text, so that a changed rule makes stale the
    products of its category that it concerns, and no other. The shop's own description,
    `shop_text`, is in it only where a rule says so.

    >>> kettle = ProductFields.of("Kettle", None, "Kitchen", {"volume": "1 l"})
    >>> description_content(kettle, DescriptionRuleBook())[:60]
    '{"product":{"title":"Kettle","category":"Kitchen","attribute'
    """
    return DescriptionRequest.of(fields, book.of(fields.category), shop_text).content()


def contents(rows: list[Mapping[str, Any]], book: DescriptionRuleBook) -> list[str]:
    """Of rows as `lake.shop.product_versions` has them; empty for one without a title."""
    return [
        description_content(ProductFields.of_row(row), book, row["description"])
        if row["title"]
        else ""
        for row in rows
    ]
