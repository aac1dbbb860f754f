"""How a row that was to be put to a remote model has ended, and what it cost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nightshelf.answers.status import ANSWERED, DEFERRED, FAILED


@dataclass(frozen=True, kw_only=True)
class Metered:
    """
    Of all requests for a row together; `nanos` are billionths of the settings' currency.

    Where the server's own count was missing or impossible, the most that it can have been; `notes`
    say so.
    """

    requests: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    nanos: int = 0
    notes: tuple[str, ...] = ()

    def __add__(self, other: "Metered") -> "Metered":
        return Metered(
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            answer_tokens=self.answer_tokens + other.answer_tokens,
            nanos=self.nanos + other.nanos,
            notes=self.notes + other.notes,
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    `status` is `answered` with its `text`, `failed` with a `reason`, or `deferred`: a cap left it
    out, or what it would have cost at worst did not fit under the cap any more.
    """

    key: str
    status: str
    text: str = field(default="", repr=False)
    reason: str = ""
    metered: Metered = Metered()


#: Takes each outcome as soon as it is certain; once it returns, the row is done.
Give = Callable[[Outcome], None]


def answered(key: str, text: str, metered: Metered) -> Outcome:
    return Outcome(key=key, status=ANSWERED, text=text, metered=metered)


def failed(key: str, reason: str, metered: Metered) -> Outcome:
    return Outcome(key=key, status=FAILED, reason=reason, metered=metered)


def deferred(key: str, metered: Metered = Metered()) -> Outcome:
    return Outcome(key=key, status=DEFERRED, metered=metered)


def noted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How often which note was made."""
    found: dict[str, int] = {}
    for outcome in outcomes:
        for note in outcome.metered.notes:
            found[note] = found.get(note, 0) + 1
    return found
