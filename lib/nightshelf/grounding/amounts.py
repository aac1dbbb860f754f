"""Judge a number of a draft: the same amount of the same measure, or as many of the same thing."""

import unicodedata

from nightshelf.grounding.claims import COUNT, NUMBER, PRICE
from nightshelf.grounding.context import context
from nightshelf.grounding.index import Hit, Index
from nightshelf.grounding.marks import Mark, carried, denied, unheard
from nightshelf.grounding.token import Token

SPATIAL = frozenset("height width depth length diameter thickness circumference".split())
_HEDGES = frozenset(
    "about approximately approx around roughly circa ca 约 大约 约为 大概 左右".split()
)
_CURRENCIES = "currency"


def judge_number(tokens: list[Token], at: int, made: Index) -> Mark:
    token = tokens[at]
    if _is_price(tokens, at):
        return unheard(at, PRICE)
    kind = NUMBER if token.quantity and token.quantity.unit else COUNT
    equal = [hit for hit in made.numbers if _is_within(tokens, at, made.token(hit))]
    agreeing = [hit for hit in equal if hit.negated == token.negated]
    if kind == COUNT:
        of_it = [hit for hit in agreeing if made.is_of_the_same(tokens, at, hit, strictly=False)]
    else:
        of_it = agreeing
    if of_role := [hit for hit in of_it if _plays(token, hit, made, kind)]:
        return carried(at, kind, of_role, made)
    if other := _other_value(tokens, at, made, kind):
        return denied(at, kind, other, made)
    return denied(at, kind, equal[0], made) if equal and not agreeing else unheard(at, kind)


def _is_within(tokens: list[Token], at: int, theirs: Token) -> bool:
    ours = tokens[at].quantity
    if ours is None or theirs.quantity is None or ours.family != theirs.quantity.family:
        return False
    if ours.unit is None and ours.value != theirs.quantity.value and ours.step == 1:
        # Two chairs and a bit are no three chairs; measures alone are rounded.
        whole = theirs.quantity.value == int(theirs.quantity.value)
        if whole and not _is_hedged(tokens, at):
            return False
    return ours.within(theirs.quantity, loosely=_is_hedged(tokens, at))


def _is_hedged(tokens: list[Token], at: int) -> bool:
    around = (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 2])
    return any(one.key in _HEDGES for one in around)


def _is_price(tokens: list[Token], at: int) -> bool:
    around = (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])
    return any(is_currency(one) for one in around)


def is_currency(token: Token) -> bool:
    if token.term and token.term.kind == PRICE and token.term.concept == _CURRENCIES:
        return True
    return len(token.key) == 1 and unicodedata.category(token.key) == "Sc"


def _plays(token: Token, hit: Hit, made: Index, kind: str) -> bool:
    """Whether the evidence's number measures what the draft says that it measures."""
    if not token.role:
        return True
    roles = _roles(hit, made)
    if token.role in roles:
        return True
    # Of two lengths either may be the height; a weight is a weight.
    return not roles and token.role not in SPATIAL and kind == NUMBER


def _roles(hit: Hit, made: Index) -> frozenset[str]:
    own = made.token(hit).role
    source = made.sources[hit.source]
    if own:
        return frozenset({own})
    return source.label if source.kinds & {"spatial", "measure"} else frozenset()


def _other_value(tokens: list[Token], at: int, made: Index, kind: str) -> Hit | None:
    """The number that the evidence has in this one's stead."""
    token = tokens[at]
    family = token.quantity.family if token.quantity else ""
    ours = context(tokens, at)
    for hit in made.numbers:
        theirs = made.token(hit).quantity
        if theirs is None or theirs.family != family:
            continue
        if kind == NUMBER and token.role and token.role in _roles(hit, made):
            return hit
        if kind == COUNT and ours & made.context(hit):
            return hit
    return None
