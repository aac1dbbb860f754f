"""A stretch of text that holds personal data."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """`text[start:end]` is of this kind: email, iban, card, phone, name, place or address."""

    start: int
    end: int
    kind: str


def masked(text: str, spans: Iterable[Span]) -> str:
    """
    The text with each span blanked out at equal length, so that positions stay true.

    A line break fills the span: no pattern of this package reaches across one.

    >>> masked("to jo@example.org", [Span(3, 17, "email")]) == "to " + 14 * chr(10)
    True
    """
    for span in spans:
        text = text[: span.start] + "\n" * (span.end - span.start) + text[span.end :]
    return text


def replaced(text: str, spans: Iterable[Span]) -> str:
    """
    The text with each span replaced by its kind in brackets; spans do not overlap.

    >>> replaced("to jo@example.org", [Span(3, 17, "email")])
    'to [email]'
    """
    for span in sorted(spans, reverse=True):
        text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
    return text


def merged(spans: Iterable[Span]) -> list[Span]:
    """
    In reading order, those that overlap made one; of two kinds the longer one's.

    >>> merged([Span(4, 9, "name"), Span(0, 6, "address"), Span(9, 10, "name")])
    [Span(start=0, end=9, kind='address'), Span(start=9, end=10, kind='name')]
    """
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            last = found.pop()
            longer = max(last, span, key=lambda one: one.end - one.start)
            span = Span(last.start, max(last.end, span.end), longer.kind)
        found.append(span)
    return found
