"""A product as its description sees it: title, brand, category and attributes, nothing else."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: How an attribute is named where all fields of a product are listed.
ATTRIBUTE = "attributes."


@dataclass(frozen=True, kw_only=True)
class ProductFields:
    """Of the catalog contract, redacted; absent is an empty text. Attributes keep their order."""

    title: str
    brand: str = ""
    category: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        title: str | None,
        brand: str | None = None,
        category: str | None = None,
        attributes: Mapping[str, str | None] | None = None,
    ) -> "ProductFields":
        """
        In NFC, blanks as one space; attributes by name, those without a value left out.

        >>> ProductFields.of(" Kettle ", None, "Kitchen", {"b": "2", "a": None}).attributes
        {'b': '2'}
        """
        pairs = ((_clean(name), _clean(value)) for name, value in (attributes or {}).items())
        named = sorted((name, value) for name, value in pairs if name and value)
        return cls(
            title=_clean(title),
            brand=_clean(brand),
            category=_clean(category),
            attributes=dict(named),
        )

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "ProductFields":
        """
        Of a row as `lake.shop.product_versions` has it; attributes are a mapping, or pairs.

        >>> row = {"title": "Kettle", "brand": None, "category": None, "attributes": [("b", "2")]}
        >>> ProductFields.of_row(row).attributes
        {'b': '2'}
        """
        pairs = dict(row["attributes"] or {})
        return cls.of(row["title"], row["brand"], row["category"], pairs)

    def named(self) -> Iterator[tuple[str, str]]:
        """
        Each field that has a value, by its name; an attribute as `attributes.NAME`.

        >>> dict(ProductFields(title="Kettle", attributes={"volume": "1 l"}).named())
        {'title': 'Kettle', 'attributes.volume': '1 l'}
        """
        plain = (("title", self.title), ("brand", self.brand), ("category", self.category))
        yield from ((name, value) for name, value in plain if value)
        yield from ((ATTRIBUTE + name, value) for name, value in self.attributes.items())


def _clean(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def attribute_name(name: str) -> str:
    """
    The form in which names of attributes are compared, however a shop writes them.

    >>> attribute_name("Seat_Height"), attribute_name("seat height "), attribute_name("seatHeight")
    ('seat height', 'seat height', 'seat height')
    """
    apart = "".join(
        f" {char}" if char.isupper() and before.islower() else char
        for before, char in zip(f" {name}", name, strict=False)
    )
    return " ".join(apart.replace("_", " ").replace("-", " ").casefold().split())
