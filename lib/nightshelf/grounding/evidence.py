"""What a text may say: the fields of a product, each under the name of its place."""

from collections.abc import Mapping
from dataclasses import dataclass

ATTRIBUTES = "attributes."
REVIEW = "review."


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is `title`, `brand`, `category`, `description`, `attributes.NAME` or `review.ID`."""

    name: str
    text: str

    @property
    def attribute(self) -> str:
        """
        What the shop calls this attribute; empty for any other field.

        >>> Field("attributes.colour", "red").attribute, Field("title", "Kettle").attribute
        ('colour', '')
        """
        return self.name.removeprefix(ATTRIBUTES) if self.name.startswith(ATTRIBUTES) else ""

    @property
    def is_review(self) -> bool:
        return self.name.startswith(REVIEW)


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` of the field of this name."""

    field: str
    start: int
    end: int


#: In the order in which a claim looks for its place.
Evidence = tuple[Field, ...]


def product_evidence(
    *,
    title: str,
    brand: str | None = None,
    category: str | None = None,
    attributes: Mapping[str, str | None] | None = None,
    description: str | None = None,
) -> Evidence:
    """
    The fields that hold something, facts before the shop's own prose.

    >>> [field.name for field in product_evidence(title="Kettle", attributes={"colour": "red"})]
    ['title', 'attributes.colour']
    """
    facts = sorted((attributes or {}).items())
    fields = [
        ("title", title),
        ("brand", brand),
        *((f"{ATTRIBUTES}{name}", value) for name, value in facts),
        ("category", category),
        ("description", description),
    ]
    return tuple(Field(name, text) for name, text in fields if text and text.strip())


def cited_reviews(sentences: Mapping[str, str]) -> Evidence:
    """
    Sentences of reviews that the text may lean on, by the review's id; add them to the product's.

    They carry words and numbers, but never a promise, a certificate or a superlative.
    """
    return tuple(Field(f"{REVIEW}{name}", text) for name, text in sentences.items() if text)
