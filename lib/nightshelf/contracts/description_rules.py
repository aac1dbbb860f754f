"""How descriptions are to be written: what the operator may set for a shop and its categories."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from nightshelf.contracts.product_fields import attribute_name

ENGLISH, CHINESE = LANGUAGES = ("en", "zh")
PLAIN, FRIENDLY, TERSE = TONES = ("plain", "friendly", "terse")
CHARACTERS, WORDS = LENGTHS = ("characters", "words")
#: A policy reads no more of a text: what is hidden in a longer one need not be found.
MOST = 4_000

CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "tone": TONES,
    "length_in": LENGTHS,
}
#: A category adds to what its parents forbid; of all else it says what holds instead.
ADDED = ("leave_out", "banned_words")


@dataclass(frozen=True, kw_only=True)
class DescriptionRules:
    """
    What holds for one category. Raises `ValueError` with (key, what is wrong, what to do).

    `min_length` and `max_length` count characters or words; a Han character counts as a word.
    `must_mention` comes first in a text, then `matter`, in their order.
    """

    language: str = ENGLISH
    tone: str = PLAIN
    length_in: str = CHARACTERS
    min_length: int = 20
    max_length: int = 800
    must_mention: tuple[str, ...] = ()
    matter: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    banned_words: tuple[str, ...] = ()
    use_shop_text: bool = False
    """Whether a model may read the shop's own description, too."""

    def __post_init__(self) -> None:
        for key, allowed in CHOICES.items():
            if getattr(self, key) not in allowed:
                wrong = f"{getattr(self, key)!r} is not known"
                raise ValueError(key, wrong, f"use {' or '.join(allowed)}")
        if self.min_length < 0:
            raise ValueError("min_length", "it is below 0", "use 0 or more")
        if not 1 <= self.max_length <= MOST:
            raise ValueError("max_length", f"it is not within 1 and {MOST}", "use such a number")
        if self.min_length > self.max_length:
            wrong = f"{self.min_length} is more than max_length = {self.max_length}"
            raise ValueError("min_length", wrong, "lower it, or raise max_length")
        self._check_lists()

    def _check_lists(self) -> None:
        hidden = {attribute_name(name) for name in self.leave_out}
        for key in ("must_mention", "matter"):
            if both := [name for name in getattr(self, key) if attribute_name(name) in hidden]:
                wrong = f"{both[0]!r} stands in leave_out as well"
                raise ValueError(key, wrong, "take it out of one of the two")

    def changed(self, table: Mapping[str, object]) -> "DescriptionRules":
        """These rules as a table of the file changes them; `ADDED` lists grow."""
        added = {
            key: tuple(dict.fromkeys((*getattr(self, key), *value)))
            for key, value in table.items()
            if key in ADDED and isinstance(value, tuple)
        }
        return replace(self, **{**table, **added})  # type: ignore[arg-type]


KEYS = tuple(one.name for one in fields(DescriptionRules))


@dataclass(frozen=True, kw_only=True)
class DescriptionRuleBook:
    """All that `descriptions.toml` says. `categories` has paths from the top, parts case-folded."""

    defaults: DescriptionRules = field(default_factory=DescriptionRules)
    categories: Mapping[tuple[str, ...], Mapping[str, object]] = field(default_factory=dict)
    known_brands: tuple[str, ...] = ()
    separator: str = ">"

    def of(self, category: str | None) -> DescriptionRules:
        """
        The rules of a category: the defaults, changed by each table from the top down to it.

        >>> book = DescriptionRuleBook(categories={("kitchen",): {"tone": "terse"}})
        >>> book.of("Kitchen > Knives").tone, book.of("Garden").tone
        ('terse', 'plain')
        """
        rules = self.defaults
        path = category_path(category or "", self.separator)
        for depth in range(1, len(path) + 1):
            rules = rules.changed(self.categories.get(path[:depth], {}))
        return rules

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which this shop's descriptions are written."""
        named = [self.defaults.language, *(t.get("language") for t in self.categories.values())]
        return tuple(sorted({str(name) for name in named if name}))


def category_path(category: str, separator: str = ">") -> tuple[str, ...]:
    """
    >>> category_path("Kitchen >  Cook's Knives")
    ('kitchen', "cook's knives")
    """
    parts = (" ".join(part.split()).casefold() for part in category.split(separator))
    return tuple(part for part in parts if part)
