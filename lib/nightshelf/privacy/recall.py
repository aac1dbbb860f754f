"""What of names and addresses a redactor is known to find: measured once, kept with the code."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

FILE = "recall.json"
_NAMES = re.compile(r"(?:^| )(names-\d+ .*)$")


@dataclass(frozen=True)
class Share:
    """`found` of `n`, and between which bounds the share lies with 95% certainty (Wilson)."""

    found: int
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        """
        >>> str(Share(7, 10, 0.397, 0.892))
        '0.70 (0.40 to 0.89, n = 10)'
        """
        return f"{self.found / self.n:.2f} ({self.low:.2f} to {self.high:.2f}, n = {self.n:,})"


@dataclass(frozen=True)
class Recall:
    """`redactor` as `names_version` gives it; `date`, ISO, and `data`: when and on what."""

    redactor: str
    date: str
    data: str
    shares: Mapping[str, Share]

    def __str__(self) -> str:
        shares = "; ".join(f"{kind} {share}" for kind, share in self.shares.items())
        return f"{shares}; of {self.data}, measured {self.date}, {self.redactor}"

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def takes_names(redactor: str) -> bool:
    """
    Whether rows that this redactor has read are without names and addresses, as far as it finds
    them; `redactor` as a row records it.

    >>> takes_names("rules-1 stdnum-2.2"), takes_names("rules-1 stdnum-2.2 names-1 presidio-2.2")
    (False, True)
    """
    return _NAMES.search(redactor) is not None


def recall_of(redactor: str, text: str | None = None) -> Recall | None:
    """That of the redactor that a row records; None where this very version was not measured."""
    found = _NAMES.search(redactor)
    recorded = _read(files(__package__).joinpath(FILE).read_text("utf-8") if text is None else text)
    is_its = found is not None and f"{found[1]} ".startswith(f"{recorded.redactor} ")
    return recorded if is_its else None


def _read(text: str) -> Recall:
    known: dict[str, Any] = json.loads(text)
    shares = {kind: Share(**share) for kind, share in known.pop("shares").items()}
    return Recall(**known, shares=shares)


def place() -> Path:
    """Where a measurement writes it."""
    return Path(__file__).with_name(FILE)
