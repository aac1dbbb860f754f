"""What a shop must not publish whatever its fields say: decided on the text alone, by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nightshelf.contracts.description_rules import MOST, DescriptionRules
from nightshelf.contracts.lengths import length_of
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.grounding.policy_brands import Brands
from nightshelf.grounding.policy_copies import Fingerprints, shingles
from nightshelf.grounding.policy_language import is_other_language
from nightshelf.grounding.policy_patterns import PATTERNS
from nightshelf.grounding.policy_text import is_hidden, plain, ways_to_read
from nightshelf.privacy.emails import find_emails
from nightshelf.privacy.phones import find_phones

#: Goes up with every change of what is let through.
POLICY_VERSION = "policy-1"

_LONG_WORD = 5

#: Every violation there is, in the order in which they are reported.
VIOLATIONS = (
    *("empty", "too_short", "too_long", "hidden_characters", "wrong_language", "email"),
    *PATTERNS,
    *("banned_word", "foreign_brand", "copied"),
)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a text is held against besides its own fields; the same for all texts of a release."""

    brands: Brands = field(default_factory=Brands)
    """All that the shop knows: of its rules and of its catalog."""
    others: Fingerprints = field(default_factory=Fingerprints)
    """Reviews and descriptions of which no passage may come back under another product."""
    instructions: str = ""
    """What the model was told beside the product; none of it may come back."""


def violations(
    text: str,
    rules: DescriptionRules,
    fields: ProductFields,
    surroundings: Surroundings | None = None,
    row: str = "",
) -> list[str]:
    """
    Names of what is wrong with a text, in the order of `VIOLATIONS`; empty where it may go out.

    Pure, and blind to how the text came about: it may be the work of a hijacked model, and the
    fields may hold what hijacked it, so that a field excuses neither an address nor a price.

    >>> rules, fields = DescriptionRules(), ProductFields(title="Kettle")
    >>> violations("The Kettle costs $5 at www.shop.example.", rules, fields)
    ['url', 'price']
    """
    around = surroundings or Surroundings()
    # Longer than any rule allows: stopped for that, and hostile lengths cost nothing.
    is_endless, text = len(text) > MOST, text[:MOST]
    found = {*_of_shape(text, rules), *_of_content(text)}
    if is_other_language(plain(text), rules.language, fields):
        found.add("wrong_language")
    if _has_banned(text, rules.banned_words):
        found.add("banned_word")
    if is_endless:
        found.add("too_long")
    if any(around.brands.foreign(way, fields) for way in ways_to_read(text)):
        found.add("foreign_brand")
    if around.others.is_copied(plain(text), row):
        found.add("copied")
    if around.instructions and _repeats(text, around.instructions):
        found.add("leaked_instructions")
    return [name for name in VIOLATIONS if name in found]


def _of_shape(text: str, rules: DescriptionRules) -> Iterator[str]:
    length = length_of(text.strip(), rules.length_in)
    if not any(char.isalnum() for char in plain(text)):
        yield "empty"
    elif length < rules.min_length:
        yield "too_short"
    if length > rules.max_length:
        yield "too_long"
    if any(map(is_hidden, text)):
        yield "hidden_characters"


def _of_content(text: str) -> Iterator[str]:
    for way in ways_to_read(text):
        yield from (name for name, pattern in PATTERNS.items() if pattern.search(way))
        if next(find_emails(way), None):
            yield "email"
        if next(find_phones(way), None):
            yield "phone"


def _has_banned(text: str, banned: tuple[str, ...]) -> bool:
    """As whole words, whatever their case; Chinese, which has no blanks, anywhere."""
    written = {text, plain(text)}
    # Letters that were joined may have taken the word before them along.
    joined = set(ways_to_read(text)) - written
    for word in banned:
        anywhere = re.escape(plain(word)).replace(r"\ ", r"\W+")
        whole = rf"(?<!\w){anywhere}(?!\w)" if word.isascii() else anywhere
        loose = anywhere if len(word) >= _LONG_WORD else whole
        if any(re.search(whole, way, re.IGNORECASE) for way in written):
            return True
        if any(re.search(loose, way, re.IGNORECASE) for way in joined):
            return True
    return False


def _repeats(text: str, instructions: str) -> bool:
    """Eight words or more in a row."""
    told = set(shingles(plain(instructions)))
    run = 0
    for shingle in shingles(plain(text)):
        run = run + 1 if shingle in told else 0
        if run >= 3:
            return True
    return False
