"""Read one field of the evidence: its text, and what the name of an attribute says."""

from dataclasses import dataclass
from functools import lru_cache

from nightshelf.grounding.claims import COLOUR, LABEL, MATERIAL
from nightshelf.grounding.context import ids
from nightshelf.grounding.evidence import Field, Place
from nightshelf.grounding.lexicon import rows, stem
from nightshelf.grounding.reading import Reading, read
from nightshelf.grounding.token import MARK, Token

_YES = frozenset("yes true y ja 是 有 支持 会".split())
_NO = frozenset("no false none n/a na nein 否 无 没有 不支持 不".split())
#: Words of an attribute's name that do not say of which part of the product it speaks.
_WHOLE = frozenset(
    stem(word)
    for word in "main primary overall total outer item product base basic other exact assembled "
    "approx approximate name value number no in cm mm kg details detail general additional".split()
)


@dataclass(frozen=True)
class Source:
    """One field, read; `label` are the concepts of its name, `part` its other words."""

    field: Field
    reading: Reading
    name: tuple[Token, ...]
    label: frozenset[str]
    kinds: frozenset[str]
    part: frozenset[str]
    says_yes: bool
    says_no: bool

    def where(self, token: Token) -> Place:
        start, end = self.reading.normal.span(token.start, token.end)
        return Place(self.field.name, start, end)


def source_of(one: Field) -> Source:
    reading = read(one.text)
    unit = _unit_of_name(one.attribute)
    if unit:
        reading = read(f"{one.text.strip()} {unit}") if one.text.strip()[-1:].isdigit() else reading
    name = _name(one.attribute or one.name)
    terms = [token.term for token in name if token.term and token.term.kind == LABEL]
    concepts = frozenset(term.concept for term in terms)
    kinds = frozenset(kind for term in terms for kind in term.parents)
    parts = [token for token in name if _is_part(token)] if one.attribute else []
    part = frozenset(key for token in parts for key in ids(token))
    said = [token for token in reading.tokens if token.kind != MARK]
    if said and not kinds and all(_is_look(token) for token in said if token.says):
        # `lid: black` speaks of the lid's colour.
        kinds = frozenset({COLOUR, MATERIAL})
    value = one.text.strip().casefold()
    return Source(one, reading, name, concepts, kinds, part, value in _YES, value in _NO)


@lru_cache(maxsize=4_096)
def _name(called: str) -> tuple[Token, ...]:
    """Catalogs use few names, and often; nobody changes these tokens."""
    return tuple(t for t in read(called.replace("_", " ")).tokens if t.kind != MARK)


def _is_part(token: Token) -> bool:
    # `fabric: cotton` is of no part.
    is_slot = token.term is not None and token.term.kind in (LABEL, MATERIAL, COLOUR)
    return token.says and token.key not in _WHOLE and not is_slot


def _is_look(token: Token) -> bool:
    return bool(token.term and token.term.kind in (COLOUR, MATERIAL))


_UNITS_OF_NAMES = frozenset(
    symbol
    for _, _, symbols, words, _ in rows("units")
    for symbol in (*symbols.split("|"), *words.split("|"))
    if len(symbol) > 1 or symbol in ("g", "l", "L", "m", "W", "V")
)


def _unit_of_name(name: str) -> str:
    """
    >>> _unit_of_name("height_cm"), _unit_of_name("Weight (kg)"), _unit_of_name("made in")
    ('cm', 'kg', '')
    """
    last = name.replace("_", " ").replace("(", " ").replace(")", " ").split()[-1:]
    if last and len(name.split(last[0])[0].strip(" _(")) and last[0] in _UNITS_OF_NAMES:
        return "" if last[0] == "in" and "(" not in name and "_" not in name else last[0]
    return ""
