"""How long a batch may take, from how long others took."""

from nightshelf.engine.tokens import Tokens

#: To load a model, and to wait for other workers' batches.
PATIENCE_SECONDS = 300.0
#: Padded tokens a second of a device that nothing is known of.
SLOWEST = 500.0
#: A batch has the larger of this and so many times what it is expected to take.
LEAST_SECONDS = 2.0
TIMES_EXPECTED = 10.0

#: Padded tokens a second of one that writes: billions of weights, on a core.
SLOWEST_WRITING = 50.0
#: So long the slowest device may take for one token that is written, however few the rows.
SECONDS_A_TOKEN = 0.5

#: What the newest batch weighs in the average.
_WEIGHT = 0.2


class Pace:
    """
    Padded tokens per second, as a moving average; a row counts up to `written` more of its own.

    A text is as long as it is: a batch may end after one token, and the next one after all.
    """

    def __init__(self, written: int = 0) -> None:
        self._written = written
        self._least = max(LEAST_SECONDS, written * SECONDS_A_TOKEN)
        self._speed = SLOWEST_WRITING if written else SLOWEST
        self._is_known = False
        self.busy_seconds = 0.0

    def learn(self, batch: Tokens, seconds: float) -> None:
        self.busy_seconds += seconds
        now = self._weight(batch) / max(seconds, 1e-6)
        self._speed = (1 - _WEIGHT) * self._speed + _WEIGHT * now if self._is_known else now
        self._is_known = True

    def deadline(self, batch: Tokens) -> float:
        """
        Seconds after which the host hangs, or seems to.

        >>> pace, batch = Pace(), Tokens.from_rows([[1, 2, 3], [4]])
        >>> pace.deadline(batch)
        2.0
        >>> pace.learn(batch, seconds=0.6)
        >>> pace.deadline(batch)
        6.0
        """
        return max(self._least, TIMES_EXPECTED * self._weight(batch) / self._speed)

    def _weight(self, batch: Tokens) -> int:
        return len(batch) * (max(1, int(batch.lengths.max(initial=1))) + self._written)
