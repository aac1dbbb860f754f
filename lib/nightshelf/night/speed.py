"""How fast a night is being answered, and when it will be done."""

from dataclasses import dataclass, field

from nightshelf.engine.usage import Usage


@dataclass
class Speed:
    """Of `total` texts; `seconds` are those of the waves that are done."""

    total: int
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    waves: int = 0

    def add(self, usage: Usage, seconds: float) -> None:
        self.usage.add(usage.as_dict())
        self.seconds += seconds
        self.waves += 1

    def line(self) -> str:
        """
        For the log.

        >>> speed = Speed(total=300)
        >>> used = Usage(texts=100, tokens=900, padded_tokens=1000, seconds=8, busy_seconds=6)
        >>> speed.add(used, seconds=5)
        >>> speed.line()
        '100 of 300 texts, 20 texts/s, 180 tokens/s, 10% padding, devices 75% busy, 10 s to go'
        """
        usage, seconds = self.usage, max(self.seconds, 1e-9)
        if not self.waves:
            return f"0 of {self.total} texts"
        left = (self.total - usage.texts) / max(usage.texts / seconds, 1e-9)
        return (
            f"{usage.texts} of {self.total} texts, {usage.texts / seconds:.0f} texts/s,"
            f" {usage.tokens / seconds:.0f} tokens/s, {usage.padding_share:.0%} padding,"
            f" devices {usage.busy_share:.0%} busy, {left:.0f} s to go"
        )

    def totals(self) -> dict[str, object]:
        """What the operations database keeps of the run."""
        return {**self.usage.as_dict(), "waves": self.waves, "wall_seconds": self.seconds}
