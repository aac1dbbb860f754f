"""The text that a writer of descriptions reads of a product: its fields and the rules for it."""

from collections.abc import Mapping

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


def contents(rows: list[Mapping[str, object]], book: DescriptionRuleBook) -> list[str]:
    """Of rows as `lake.shop.product_versions` has them; empty for one without a title."""
    return [_content(row, book) for row in rows]


def _content(row: Mapping[str, object], book: DescriptionRuleBook) -> str:
    if not row["title"]:
        return ""
    attributes = row["attributes"]
    fields = ProductFields.of(
        _text(row["title"]),
        _text(row["brand"]),
        _text(row["category"]),
        {str(name): _text(value) for name, value in attributes.items()}
        if isinstance(attributes, Mapping)
        else None,
    )
    return description_content(fields, book, _text(row["description"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
