"""How many rows may fail before it is the model that is broken, not the rows."""

from collections import Counter
from dataclasses import dataclass, field

from nightshelf.errors import ModelBroken

#: So many may fail whatever their share: a small shard is no sample.
ALWAYS = 10


@dataclass
class FailureBudget:
    """Counts failures against the rows that were taken on."""

    share: float
    rows: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def grow(self, rows: int) -> None:
        self.rows += rows

    def spend(self, reason: str) -> None:
        """Raise `ModelBroken` when more rows have failed than any input explains."""
        self.failures[reason] += 1
        failed = self.failures.total()
        if failed > max(ALWAYS, self.share * self.rows):
            [(most, times)] = self.failures.most_common(1)
            raise ModelBroken(
                f"{failed} of {self.rows} texts failed, {times} of them by {most}; at most"
                f" {self.share:.2%} may: the model or its device is broken, not the texts."
                " Nothing of this wave was kept; mend it and run the night again"
            )
