"""Judge a word of a draft: some field has to carry it, or a synonym, with the same negation."""

import re
from itertools import pairwise

from nightshelf.grounding.claims import (
    COMPATIBILITY,
    LABEL,
    NAME,
    PROMISES,
    SIZE,
    TERM,
)
from nightshelf.grounding.index import Hit, Index
from nightshelf.grounding.marks import Mark, carried, denied, unheard
from nightshelf.grounding.token import CHINESE, MARK, Token

_SIZE = re.compile(r"(?:x{0,4}|\d)[sl]|m|xx+l")
#: What a word that only names an attribute is, until it is known whether its value stands by.
PENDING = "pending"


def judge_word(tokens: list[Token], at: int, made: Index) -> Mark:
    token = tokens[at]
    length = max(1, token.phrase)
    kind = token.term.kind if token.term else TERM
    hits = _hits(tokens, at, made)
    if token.kind == CHINESE and not hits:
        hits, length = _quoted(tokens, at, made)
    if kind in PROMISES:
        hits = [hit for hit in hits if _same_phrase(tokens, at, hit, made)]
    if kind == COMPATIBILITY and not hits:
        hits = made.words.get("for", [])
    agreeing = [hit for hit in hits if hit.negated == token.negated]
    if kind == LABEL or (not hits and _is_name(token, made)):
        mark = carried(at, LABEL, agreeing, made, length) if agreeing else unheard(at, LABEL)
        mark.length = length
        return mark
    if agreeing:
        return carried(at, kind, agreeing, made, length)
    if hits:
        return denied(at, kind, hits[0], made, length)
    return unheard(at, _sort(token, tokens, at) if kind == TERM else kind, length)


def _is_name(token: Token, made: Index) -> bool:
    return token.key in made.names or bool(
        token.term and f"{token.term.kind}:{token.term.concept}" in made.names
    )


def _sort(token: Token, tokens: list[Token], at: int) -> str:
    """Of a word that nothing carries: a size, a name or something else."""
    if _SIZE.fullmatch(token.key):
        return SIZE
    starts = at == 0 or tokens[at - 1].sentence != token.sentence
    return NAME if token.capital and not starts else TERM


def _hits(tokens: list[Token], at: int, made: Index) -> list[Hit]:
    token = tokens[at]
    hits: list[Hit] = []
    if token.term and not token.imitation:
        hits += made.concepts.get((token.term.kind, token.term.concept), [])
    if token.phrase > 1:
        return hits or _side_by_side(tokens, at, token.phrase, made)
    hits += [hit for hit in made.words.get(token.key, []) if _means_the_same(token, hit, made)]
    if not hits and len(token.key) > 3:
        hits += made.joined.get(token.key, [])
    return hits or _compound(tokens, at, made)


def _means_the_same(token: Token, hit: Hit, made: Index) -> bool:
    """`leather` is not carried by `faux leather`, nor `oak` by `oak effect`."""
    if hit.place < 0:
        return True
    theirs = made.token(hit)
    if theirs.imitation != token.imitation:
        return False
    if token.term is None or theirs.term is None:
        return True
    is_same = theirs.term.concept == token.term.concept
    return is_same or token.term.concept in theirs.term.parents or token.term.kind not in _LOOKS


_LOOKS = frozenset({"material", "colour"})


def _side_by_side(tokens: list[Token], at: int, length: int, made: Index) -> list[Hit]:
    """The words of a term that the lists know, where the evidence's term is a longer one."""
    found = []
    for hit in made.words.get(tokens[at].key, []):
        theirs = made.sources[hit.source].reading.tokens[hit.place : hit.place + length]
        ours = tokens[at : at + length]
        if hit.place >= 0 and [one.key for one in theirs] == [one.key for one in ours]:
            found.append(hit)
    return found


def _compound(tokens: list[Token], at: int, made: Index) -> list[Hit]:
    """`t-shirt` and `tea pot` are carried by `tshirt` and `teapot`."""
    said = [one for one in tokens[max(0, at - 2) : at + 3] if one.kind != MARK]
    place = next(i for i, one in enumerate(said) if one is tokens[at])
    near = said[max(0, place - 1) : place + 2]
    keys = [first.key + second.key for first, second in pairwise(near)]
    return next((made.words[key] for key in keys if key in made.words), [])


def _quoted(tokens: list[Token], at: int, made: Index) -> tuple[list[Hit], int]:
    """The longest stretch of Chinese from here that a field holds letter by letter."""
    best: tuple[list[Hit], int] = ([], 1)
    written = ""
    for end in range(at, len(tokens)):
        token = tokens[end]
        if token.kind != CHINESE or token.cue or (end > at and not token.attached):
            break
        written += token.key
        hits = _places_of(written, made)
        if not hits:
            break
        if len(written) > 1:
            best = (hits, end - at + 1)
    return best


def _places_of(written: str, made: Index) -> list[Hit]:
    hits = []
    for number, source in enumerate(made.sources):
        start = source.reading.normal.text.find(written)
        if start < 0:
            continue
        for place, token in enumerate(source.reading.tokens):
            if token.end > start:
                hits.append(Hit(number, place, token.negated))
                break
    return hits


def _same_phrase(tokens: list[Token], at: int, hit: Hit, made: Index) -> bool:
    """A promise is the shop's own, and of the same thing."""
    if made.sources[hit.source].field.is_review:
        return False
    return made.is_of_the_same(tokens, at, hit, strictly=True)
