"""What the rows of one asker share: connections, pace, purse, breaker, budget of retries."""

import random
from dataclasses import dataclass

from nightshelf.errors import ModelError
from nightshelf.models.remote.breaker import CircuitBreaker
from nightshelf.models.remote.exchange import Exchange
from nightshelf.models.remote.failures import RequestRefused
from nightshelf.models.remote.limits import Pace
from nightshelf.models.remote.pauses import Now
from nightshelf.models.remote.prompt import Wording
from nightshelf.models.remote.purse import Purse
from nightshelf.models.remote.rate import RateLimit

#: So many rows may be tried again whatever their share: a few rows are no sample.
_ALWAYS = 10
#: So many refused in a row, with none answered before: it is the request, not the rows.
_REFUSALS = 10


@dataclass(frozen=True, kw_only=True)
class Chances:
    """The time of day, for dates that a server names, and where jitter comes from."""

    now: Now
    jitter: random.Random


class Shared:
    """Made in the loop that uses it; all of it is one asker's."""

    def __init__(
        self, exchange: Exchange, wording: Wording, pace: Pace, purse: Purse, chances: Chances
    ) -> None:
        self.exchange = exchange
        self.wording = wording
        self.pace = pace
        self.purse = purse
        self.chances = chances
        self.breaker = CircuitBreaker(pace.patience)
        self.rate = RateLimit(pace.requests_per_minute, pace.tokens_per_minute)
        self._rows = self._retries = self._refused = 0
        self._any_answered = False

    def begins(self) -> None:
        self._rows += 1

    def may_retry(self) -> bool:
        """Count one more retry, if the run has one left."""
        if self._retries >= max(_ALWAYS, self.pace.retry_share * self._rows):
            return False
        self._retries += 1
        return True

    def ended(self, reason: str) -> None:
        """Raise `ModelError` where the server refuses whatever it is asked."""
        self._any_answered |= not reason
        self._refused = self._refused + 1 if reason == RequestRefused.__name__ else 0
        if self._refused >= _REFUSALS and not self._any_answered:
            raise ModelError(
                f"the server of the remote model has refused the first {self._refused} requests as"
                " wrong in themselves: look at NIGHTSHELF_REMOTE_MODEL, NIGHTSHELF_REMOTE_ECHO and"
                " NIGHTSHELF_REMOTE_LIMIT_FIELD, and at what that server can do"
            )
