"""What it took to answer: the figures of a task, a wave, a night."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Usage:
    """
    Sums over tasks; seconds are of wall clock, each task's own.

    `padded_tokens` are those that were computed, `tokens` those that were read. `ahead` sums, over
    batches, how many were in flight. `peak_kb` is the largest memory of any host.
    """

    texts: int = 0
    tokens: int = 0
    padded_tokens: int = 0
    batches: int = 0
    ahead: int = 0
    seconds: float = 0.0
    busy_seconds: float = 0.0
    restarts: int = 0
    peak_kb: int = 0
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def padding_share(self) -> float:
        """Of the tokens that were computed, those that were padding."""
        return 1 - self.tokens / self.padded_tokens if self.padded_tokens else 0.0

    @property
    def busy_share(self) -> float:
        """Of the time that tasks took, that in which their device computed for them."""
        return self.busy_seconds / self.seconds if self.seconds else 0.0

    @property
    def queue_depth(self) -> float:
        """Batches in flight, on average."""
        return self.ahead / self.batches if self.batches else 0.0

    def failed(self, reason: str) -> None:
        self.failures[reason] = self.failures.get(reason, 0) + 1

    def add(self, other: Mapping[str, Any]) -> None:
        """Add another's figures, given as `as_dict` gives them."""
        for name, value in other.items():
            if name == "failures":
                for reason, times in value.items():
                    self.failures[reason] = self.failures.get(reason, 0) + times
            elif name == "peak_kb":
                self.peak_kb = max(self.peak_kb, value)
            else:
                setattr(self, name, getattr(self, name) + value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
