"""How long a batch may take, from how long others took."""

from nightshelf.engine.tokens import Tokens

#: To load a model, and to wait for other workers' batches.
PATIENCE_SECONDS = 300.0
#: Padded tokens a second of a device that nothing is known of.
SLOWEST = 500.0
#: A batch has the larger of this and so many times what it is expected to take.
LEAST_SECONDS = 2.0
TIMES_EXPECTED = 10.0

#: What the newest batch weighs in the average.
_WEIGHT = 0.2


class Pace:
    """Padded tokens per second, as a moving average."""

    def __init__(self) -> None:
        self._speed = SLOWEST
        self._is_known = False
        self.busy_seconds = 0.0

    def learn(self, batch: Tokens, seconds: float) -> None:
        self.busy_seconds += seconds
        now = _padded(batch) / max(seconds, 1e-6)
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
        return max(LEAST_SECONDS, TIMES_EXPECTED * _padded(batch) / self._speed)


def _padded(batch: Tokens) -> int:
    return len(batch) * max(1, int(batch.lengths.max(initial=1)))
