"""Which words a negation reaches; read alike in drafts and evidence."""

from nightshelf.grounding.token import MARK, WORD, Token

#: A negation, like a context, reaches no further than so many words that say something.
REACH = 3
_ALL = 99
CLAUSE_MARKS = frozenset(",;.!?()[]{}|\n\u3001\u3002\u3008\u3009\u300a\u300b\u3010\u3011")


def negate(tokens: list[Token]) -> None:
    for place, token in enumerate(tokens):
        if token.key == "free" and token.kind == WORD:
            _negate_free(tokens, place)
        elif token.cue:
            token.negated = _reach(tokens, place + 1, token.clause, 1)
            after = tokens[place + 1] if place + 1 < len(tokens) else token
            if not token.negated and not after.cue:
                token.negated = _negate_before(tokens, place)


def _negate_before(tokens: list[Token], place: int) -> bool:
    """`waterproof: no`, and `as to waterproof, no`: all that was named is negated."""
    token = tokens[place]
    if _reach(tokens, place - 1, token.clause, -1, words=_ALL):
        return True
    back = place - 1
    while back >= 0 and tokens[back].clause == token.clause:
        back -= 1
    if back < 0 or tokens[back].sentence != token.sentence:
        return False
    return _reach(tokens, back, tokens[back].clause, -1, words=_ALL)


def _negate_free(tokens: list[Token], place: int) -> None:
    """`BPA-free`, `BPA free`, `free of BPA`; `free shipping` is none."""
    token = tokens[place]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1] if place else None
    if after and after.key in ("of", "from"):
        token.cue, token.says = True, False
        token.negated = _reach(tokens, place + 1, token.clause, 1)
    elif before and (before.key == "-" or (before.says and _ends(after))):
        token.cue, token.says = True, False
        token.negated = _reach(tokens, place - 1, token.clause, -1, words=1)


def _ends(after: Token | None) -> bool:
    if after is None or (after.kind == MARK and after.key in CLAUSE_MARKS):
        return True
    return after.kind == WORD and not after.says


def _reach(tokens: list[Token], place: int, clause: int, step: int, words: int = REACH) -> bool:
    """
    Negate up to `words` words of the clause, and those that were negated no longer: whether any.
    """
    found = 0
    while 0 <= place < len(tokens) and found < words and tokens[place].clause == clause:
        token = tokens[place]
        if token.cue:
            break
        if token.says:
            token.negated = not token.negated
            found += 1
        place += step
    return found > 0
