"""Tokens of a row: bounds from its bytes, what the server says, and whether that can be true."""

from dataclasses import dataclass

#: No text has fewer tokens than its bytes over this, on average over a whole text.
_BYTES_OF_A_TOKEN = 16


@dataclass(frozen=True)
class TokenCount:
    """Tokens that were read and tokens that were written."""

    prompt: int
    answer: int

    @property
    def total(self) -> int:
        return self.prompt + self.answer


@dataclass(frozen=True)
class Bounds:
    """
    Between what the true count lies.

    A tokenizer that knows every byte makes at most one token of each, so `most` follows from the
    bytes that were sent and the limit that was asked for; `overhead` is what a server's own chat
    template may add.
    """

    least: TokenCount
    most: TokenCount

    @classmethod
    def of(cls, words: int, sent: int, limit: int, overhead: int) -> "Bounds":
        """
        For `words` bytes of messages in a request of `sent` bytes, and `limit` tokens of answer.

        >>> Bounds.of(160, 200, 50, 10)
        Bounds(least=TokenCount(prompt=10, answer=0), most=TokenCount(prompt=210, answer=50))
        """
        least = TokenCount(words // _BYTES_OF_A_TOKEN, 0)
        return cls(least, TokenCount(sent + overhead, limit))

    def with_answer(self, received: int) -> "Bounds":
        """The same once an answer of `received` bytes is there."""
        return Bounds(TokenCount(self.least.prompt, received // _BYTES_OF_A_TOKEN), self.most)

    def allow(self, count: TokenCount) -> bool:
        prompt = self.least.prompt <= count.prompt <= self.most.prompt
        return prompt and self.least.answer <= count.answer <= self.most.answer


def believed(said: TokenCount | None, bounds: Bounds) -> tuple[TokenCount, str]:
    """
    What to charge, and a note where it is not what the server says.

    A count that is missing or impossible is replaced by the most that it can have been, so that a
    server's counters never make a run spend more than its cap.

    >>> bounds = Bounds.of(160, 200, 50, 10)
    >>> believed(TokenCount(40, 7), bounds)
    (TokenCount(prompt=40, answer=7), '')
    >>> believed(TokenCount(0, 7), bounds)
    (TokenCount(prompt=210, answer=50), 'usage impossible')
    """
    if said is None:
        return bounds.most, "usage missing"
    if not bounds.allow(said):
        return bounds.most, "usage impossible"
    return said, ""
