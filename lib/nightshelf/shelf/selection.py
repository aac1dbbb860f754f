"""Which published rows somebody wants to be answered again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from nightshelf.errors import SettingsError
from nightshelf.lakehouse.sql import model_version
from nightshelf.landing.dates import parse_date


@dataclass(frozen=True, kw_only=True)
class Selection:
    """
    All that is given has to hold; what is empty asks nothing of a row.

    `by` is the model version that answers. Of the published rows those are chosen whose version is
    in none of `not_models`, which landed from `first` to `last`, are of products of the `category`
    and with these `product_ids`, and failed for `reason`. At most `most_rows`, or as many as have
    `most_tokens`: newest landing date first, then by id. Categories, ids and reasons are anybody's
    words: they never become part of a query.
    """

    question: str
    by: str
    not_models: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    category: str = ""
    product_ids: tuple[str, ...] = ()
    reason: str = ""
    most_rows: int = 0
    most_tokens: int = 0

    def __post_init__(self) -> None:
        for version in (self.by, *self.not_models):
            try:
                model_version(version)
            except ValueError as error:
                raise SettingsError(f"{error}; `nightshelf models` lists those there are") from None
        for day in filter(None, (self.first, self.last)):
            parse_date(day)
        if self.first and self.last and self.first > self.last:
            raise SettingsError(f"from {self.first} to {self.last}: the first day comes first")
        if self.most_rows < 0 or self.most_tokens < 0:
            raise SettingsError("at most how many? a number of 1 or more; 0 is no limit")

    @property
    def asks_failures_again(self) -> bool:
        """Even those whose key has a failure stored already."""
        return bool(self.reason)

    @property
    def is_limited(self) -> bool:
        return bool(self.most_rows or self.most_tokens)

    def to_fields(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return asdict(self)

    @classmethod
    def from_fields(cls, values: Mapping[str, Any]) -> "Selection":
        """
        Raise `SettingsError` for what is no selection.

        >>> one = Selection(question="sentiment", by="0" * 16, product_ids=("p1",))
        >>> Selection.from_fields(one.to_fields()) == one
        True
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(values.keys() - known):
            raise SettingsError(f"{unknown[0]} selects nothing; known: {', '.join(sorted(known))}")
        found: dict[str, Any] = {
            n: tuple(v) if isinstance(v, list) else v for n, v in values.items()
        }
        return cls(**found)
