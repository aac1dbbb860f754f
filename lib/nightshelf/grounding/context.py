"""What stands around a token: by what words and concepts it is known."""

from collections.abc import Iterator

from nightshelf.grounding.token import MARK, NUM, Token


def ids(token: Token) -> set[str]:
    """What a token is known by: its word, and the concepts of its term."""
    if token.term:
        return {token.key, f"{token.term.kind}:{token.term.concept}"}
    return {token.key}


def context(tokens: list[Token], place: int) -> set[str]:
    """What is said one word before and up to two after, within the clause's marks."""
    found: set[str] = set()
    for token in (*_near(tokens, place, -1, 1), *_near(tokens, place, 1, 2)):
        found |= ids(token)
    return found


def _near(tokens: list[Token], place: int, step: int, words: int) -> Iterator[Token]:
    at = place + step
    while 0 <= at < len(tokens) and words:
        token = tokens[at]
        if token.kind == MARK and token.key in ",;.!?()\u3002\u3001\n":
            return
        if token.says and token.kind != NUM:
            yield token
            words -= 1
        at += step
