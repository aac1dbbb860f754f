"""What a plan expects: texts, tokens, time and money, model by model."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Part:
    """
    What one model has to read for its `questions`.

    `counted` of its `texts` were tokenised for the estimate of `tokens`. `wave_texts` is what a
    wave may have. `seconds` follow from `measured_waves` of this model; None where there were none.
    `cost` is in the settings' currency; it `is_whole` unless it follows from seconds as well and
    those are not known.
    """

    questions: tuple[str, ...]
    texts: int
    tokens: int
    counted: int
    wave_texts: int = 1
    waves: int = 0
    measured_waves: int = 0
    seconds: float | None = None
    cost: float = 0.0
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """`rest_seconds`: what a night takes after its plan besides asking; None if never measured."""

    parts: tuple[Part, ...]
    planned_at: datetime
    deadline: datetime
    rest_seconds: float | None = None

    @property
    def texts(self) -> int:
        return sum(one.texts for one in self.parts)

    @property
    def tokens(self) -> int:
        return sum(one.tokens for one in self.parts)

    @property
    def is_exact(self) -> bool:
        return all(one.counted == one.texts for one in self.parts)

    @property
    def seconds(self) -> float | None:
        return _sum(one.seconds for one in self.parts)

    @property
    def cost(self) -> float:
        """As far as it is known; see `is_whole`."""
        return sum(one.cost for one in self.parts)

    @property
    def is_whole(self) -> bool:
        return all(one.is_whole for one in self.parts)

    @property
    def finish(self) -> datetime | None:
        if self.seconds is None or self.rest_seconds is None:
            return None
        return self.planned_at + timedelta(seconds=self.seconds + self.rest_seconds)

    def part_of(self, questions: tuple[str, ...]) -> Part | None:
        found = [one for one in self.parts if one.questions == questions]
        return found[0] if found else None

    def only(self, question: str) -> "Estimate":
        """Of the model that answers the question: it reads a text once for all that it answers."""
        parts = tuple(one for one in self.parts if question in one.questions)
        return replace(self, parts=parts)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can carry it, sums included for whoever reads only that."""
        return {
            "texts": self.texts,
            "tokens": self.tokens,
            "exact": self.is_exact,
            "seconds": self.seconds,
            "cost": self.cost,
            "cost_is_whole": self.is_whole,
            "finish": self.finish.isoformat() if self.finish else None,
            "deadline": self.deadline.isoformat(),
            "planned_at": self.planned_at.isoformat(),
            "rest_seconds": self.rest_seconds,
            "parts": [asdict(one) for one in self.parts],
        }

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> "Estimate":
        """The estimate that `as_dict` gave."""
        parts = [Part(**{**one, "questions": tuple(one["questions"])}) for one in known["parts"]]
        return cls(
            parts=tuple(parts),
            planned_at=datetime.fromisoformat(known["planned_at"]),
            deadline=datetime.fromisoformat(known["deadline"]),
            rest_seconds=known["rest_seconds"],
        )


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total
