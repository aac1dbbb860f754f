"""Which of a thing's measures a number is, and in which unit where several share one."""

from nightshelf.grounding.claims import LABEL
from nightshelf.grounding.quantities import Quantity
from nightshelf.grounding.token import CHINESE, NUM, Token

_RANGE = frozenset(["x", "X", "*", "-", "/", "by", "to", "至", "到", "~", "乘"])


def join_ranges(tokens: list[Token]) -> None:
    """`60x40 cm` are 60 cm and 40 cm: the last unit is that of all."""
    for place in range(len(tokens) - 1, 1, -1):
        last, sign, first = tokens[place], tokens[place - 1], tokens[place - 2]
        joined = last.kind == NUM and first.kind == NUM and sign.key in _RANGE
        if joined and last.quantity and first.quantity and first.quantity.unit is None:
            unit = last.quantity.unit
            first.quantity = Quantity(first.quantity.value, first.quantity.step, unit)


def find_roles(tokens: list[Token]) -> None:
    """Which of a thing's measures a number is: `60 cm wide`, `width: 60 cm`, 宽60厘米."""
    taken = -1
    for place, token in enumerate(tokens):
        if token.kind != NUM:
            continue
        before = _role_before(tokens, place, taken)
        close = before is not None and place - before == 1
        after = None if close and tokens[place - 1].kind == CHINESE else _role_after(tokens, place)
        found = after if after is not None else before
        if found is not None:
            term = tokens[found].term
            token.role = term.concept if term else ""
            taken = found


def _role_before(tokens: list[Token], place: int, taken: int) -> int | None:
    said = 0
    for back in range(place - 1, max(taken, place - 7), -1):
        token = tokens[back]
        if token.clause != tokens[place].clause or (token.kind == NUM and said):
            return None
        if _is_role(token):
            return back
        said += token.says
        if said > 1:
            return None
    return None


def _role_after(tokens: list[Token], place: int) -> int | None:
    for ahead in range(place + 1, min(place + 4, len(tokens))):
        token = tokens[ahead]
        if token.clause != tokens[place].clause:
            return None
        if _is_role(token):
            return ahead
        if token.says or token.key not in ("in", "-", "of", "的"):
            return None
    return None


def _is_role(token: Token) -> bool:
    term = token.term
    return bool(term and term.kind == LABEL and term.parents & {"spatial", "measure"})
