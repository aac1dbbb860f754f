"""What an exchange about one row has cost, from what is known of it."""

from nightshelf.models.remote.failures import Unanswered
from nightshelf.models.remote.limits import Prices
from nightshelf.models.remote.outcome import Metered
from nightshelf.models.remote.parse import Said
from nightshelf.models.remote.tokens import Bounds, TokenCount, believed


def charged(ended: Said | Unanswered, bounds: Bounds) -> tuple[TokenCount, str]:
    """
    Tokens, and a note where the server's own count is not what is charged.

    A reply that was lost may have been computed and billed, so it is charged at its worst.
    """
    if isinstance(ended, Said):
        return believed(ended.count, bounds.with_answer(ended.received))
    if ended.count is None:
        if not ended.is_charged:
            return TokenCount(0, 0), ""
        return bounds.most, f"charged at worst: {ended.reason}"
    return believed(ended.count, bounds)


def metered(ended: Said | Unanswered, bounds: Bounds, prices: Prices) -> Metered:
    """The cost of one request."""
    count, note = charged(ended, bounds)
    return Metered(
        requests=1,
        prompt_tokens=count.prompt,
        answer_tokens=count.answer,
        nanos=prices.nanos(count),
        notes=(note,) if note else (),
    )
