"""How fast a night is being answered, and when it will be done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from nightshelf.engine.usage import Usage


@dataclass
class Speed:
    """
    Of `total` texts, by `clock`; the waves under way have `wave_texts`.

    `usage`, `seconds` and `waves` are of the waves that are done.
    """

    total: int
    clock: Callable[[], datetime]
    wave_texts: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    waves: int = 0

    def __post_init__(self) -> None:
        self._began = self.clock()

    def end_wave(self, usage: Usage) -> float:
        """Seconds that the wave took; the next one begins now."""
        seconds = self._of_this_wave()
        self._began = self.clock()
        self.usage.add(usage.as_dict())
        self.seconds += seconds
        self.waves += 1
        return seconds

    def line(self) -> str:
        """The waves that are done, for the log."""
        usage, seconds = self.usage, max(self.seconds, 1e-9)
        return (
            f"{usage.texts} of {self.total} texts, {usage.texts / seconds:.0f} texts/s,"
            f" {usage.tokens / seconds:.0f} tokens/s, {usage.padding_share:.0%} padding,"
            f" devices {usage.busy_share:.0%} busy, {usage.queue_depth:.1f} batches in flight,"
            f" hosts {usage.peak_kb / 1024:.0f} MB, {self._left(usage.texts, seconds):.0f} s to go"
        )

    def line_within(self, done: int, tasks: int, running: Usage) -> str:
        """
        The wave that runs: `done` of its equal `tasks`, and what those under way have come to.

        A worker on another machine says nothing before its task is done.
        """
        texts = round(self.wave_texts * done / tasks) + running.texts
        seconds = max(self.seconds + self._of_this_wave(), 1e-9)
        if not texts:
            return f"0 of {self.total} texts, {seconds:.0f} s"
        all_texts = min(self.total, self.usage.texts + texts)
        return (
            f"about {all_texts} of {self.total} texts, {all_texts / seconds:.0f} texts/s,"
            f" {self._left(all_texts, seconds):.0f} s to go"
        )

    def totals(self) -> dict[str, object]:
        """What the operations database keeps of the run."""
        return {**self.usage.as_dict(), "waves": self.waves, "wall_seconds": self.seconds}

    def _of_this_wave(self) -> float:
        return (self.clock() - self._began).total_seconds()

    def _left(self, texts: int, seconds: float) -> float:
        return (self.total - texts) * seconds / max(texts, 1)
