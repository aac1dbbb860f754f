"""The proof of a published description: each claim beside the words of the shop that carry it."""

from collections.abc import Iterator, Mapping
from typing import Any

from nightshelf.contracts.product_fields import ProductFields

Row = Mapping[str, Any]

#: Of the published row; said here, and not once more among its other columns.
SAID = ("text", "fate", "why", "proof", "warnings", "judged_by")
_SHOP_TEXT = "description"


def proved(row: Row, version: Row | None) -> Iterator[str]:
    """Lines for a person; `version` is the accepted row that the text is of, where it is kept."""
    yield f"  text          {row['text'] or 'none is shown'}"
    why = f": {row['why']}" if row["why"] else ""
    yield f"  draft         {row['fate']}{why}"
    yield f"  judged by     {row['judged_by']}"
    fields = _fields(version) if version else {}
    for claim in row["proof"] or []:
        said = (row["text"] or "")[claim["start"] : claim["end"]]
        yield f"  claim         {claim['kind']} {said!r} <- {_place(claim, fields)}"
    for warning in row["warnings"] or []:
        yield f"  warning       {warning} (recorded; it decides nothing)"


def _place(claim: Row, fields: Mapping[str, str]) -> str:
    name = claim["field"]
    if name is None:
        return "nothing needs to carry it" if claim["verdict"] == "supported" else "nothing"
    words = fields.get(name, "")[claim["field_start"] : claim["field_end"]]
    return f"{name} {words!r}" if words else str(name)


def _fields(version: Row) -> dict[str, str]:
    """As the writer has read them."""
    shop_text = " ".join((version[_SHOP_TEXT] or "").split())
    return {**dict(ProductFields.of_row(version).named()), _SHOP_TEXT: shop_text}
