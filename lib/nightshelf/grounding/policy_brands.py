"""Whether a text names a brand that is not its product's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nightshelf.contracts.product_fields import ProductFields
from nightshelf.grounding.policy_text import words_of
from nightshelf.grounding.screen import screen

#: A longer value is prose, in which a name may be anybody's.
_LONGEST_VALUE = 120
#: A name of goods has no verb in it, compares nothing and quotes nobody.
_CLAIMS = re.compile(
    r"\b(?:is|are|was|were|be|has|have|makes?|buy|get|try|choose|prefer|recommend\w*|say|says|write|"
    r"better|best|superior|worse|than|instead|as good|like|visit|ask|says)\b|[\"«»“”{}<>]|"
    r"推荐|购买|更好|不如|优于|胜过|选择|是|比",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[.!?;][ \n]+\w|[。！？；\n].")


@dataclass(frozen=True)
class Brands:
    """All that a shop knows, by their first word. Made once, asked of each text."""

    by_first: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], ordinary: frozenset[str] = frozenset()) -> "Brands":
        """Brands of one letter or of digits alone are not told from other words, and left out."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for name in sorted(set(names)):
            words = tuple(words_of(name))
            if sum(map(len, words)) >= 2 and not name.replace(" ", "").isdecimal():
                found.setdefault(words[0], []).append(words)
        return cls(found, ordinary)

    def foreign(self, text: str, fields: ProductFields) -> bool:
        """
        Whether one is named that is neither the product's nor what a field says it goes with.

        An `ordinary` word counts only where it is written as a name: Only, not only.
        """
        title = words_of(fields.title)
        own = words_of(fields.brand) if _is_quotable(fields.brand) else []
        allowed = list(_quotable(fields))
        for words in self._named(text):
            is_own = (
                _holds(own, words)
                or (own and _holds(words, own))
                or title[: len(words)] == list(words)
            )
            if not is_own and not any(_holds(said, words) for said in allowed):
                return True
        return False

    def _named(self, text: str) -> Iterator[tuple[str, ...]]:
        written = re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", text)
        # A capital after a full stop or as the first word is no sign of a name.
        starts = _starts(text)
        folded = [word.casefold() for word in written]
        for place, word in enumerate(folded):
            for words in self.by_first.get(word, ()):
                if tuple(folded[place : place + len(words)]) == words and _is_name(
                    written[place : place + len(words)], self.ordinary, is_start=place in starts
                ):
                    yield words


def _starts(text: str) -> set[int]:
    """Numbers of the words that begin a sentence."""
    starts, count = set(), 0
    for sentence in re.split(r"(?<=[.!?;:。！？；：])\s*|\n", text):
        starts.add(count)
        count += len(re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", sentence))
    return starts


def _is_name(written: Sequence[str], ordinary: frozenset[str], *, is_start: bool) -> bool:
    first = written[0]
    if first.casefold() not in ordinary:
        return True
    if not first.isascii() or len(written) > 1 or any(char.isdigit() for char in first):
        return True
    if first.islower():
        return False
    return not is_start or len(first) > 4 or first.isupper()


def _quotable(fields: ProductFields) -> Iterator[list[str]]:
    """
    Words of the fields that may be repeated with the names in them: what a case is made for.

    Only of short ones without a second sentence and without anything that gives an order: the
    names in those count as foreign wherever they come back.
    """
    yield from (words_of(value) for _, value in fields.named() if _is_quotable(value))


def _is_quotable(value: str) -> bool:
    is_short = len(value) <= _LONGEST_VALUE and not _SENTENCES.search(value)
    return is_short and not _CLAIMS.search(value) and not screen(value)


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    size = len(part)
    return any(list(words[at : at + size]) == list(part) for at in range(len(words) - size + 1))


def ordinary_words(texts: Iterable[str], least: int = 3) -> frozenset[str]:
    """
    Words that at least so many texts write in small letters: no brand is recognised by them.

    >>> sorted(ordinary_words(["only one", "the only lamp", "Only us"], least=2))
    ['only']
    """
    counted = Counter(
        word for text in texts for word in set(re.findall(r"[^\W\d_]+", text)) if word.islower()
    )
    return frozenset(word for word, texts_with in counted.items() if texts_with >= least)
