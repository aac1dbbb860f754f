"""The text that a question reads from a row."""

import unicodedata
from collections.abc import Mapping


def review_content(title: str | None, body: str) -> str:
    """
    Title and body as one text, in NFC, without blanks at either end.

    >>> review_content("Lovely", " fits well ")
    'Lovely. fits well'
    """
    return _joined((title, body), ". ")


def product_content(
    title: str,
    brand: str | None,
    category: str | None,
    attributes: Mapping[str, str | None] | None,
    description: str | None,
) -> str:
    """
    One line a field, attributes in the order of their names; fields without a value are left out.

    >>> product_content("Kettle", "Acme", None, {"volume": "1 l", "colour": "red"}, "Boils.")
    'Kettle\\nbrand: Acme\\ncolour: red\\nvolume: 1 l\\nBoils.'
    """
    rest = sorted((_clean(name), _clean(value)) for name, value in (attributes or {}).items())
    facts = [("brand", brand), ("category", category), *rest]
    named = [f"{name}: {value}" for name, text in facts if (value := _clean(text))]
    return _joined((title, *named, description), "\n")


def _joined(parts: tuple[str | None, ...], separator: str) -> str:
    # Parts in NFC stay in NFC when joined: nothing composes with a blank.
    return separator.join(text for part in parts if (text := _clean(part)))


def _clean(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").strip()
