"""The examples of each part, checked to be enough, with a hash that says which they are."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightshelf.errors import ContractError
from nightshelf.training.prepare.cleaning import LABELS, Example, clean
from nightshelf.training.prepare.reading import Review
from nightshelf.training.prepare.split import AUTO, PARTS, TEST, TRAIN, VALIDATION, split

#: Left out by the split.
OTHER_TIME = "other_time"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`parts` by name; `left_out` and `changed` say what became of the other rows, by reason."""

    labels: tuple[str, ...]
    parts: Mapping[str, Sequence[Example]]
    split: str
    rows: int
    left_out: Mapping[str, int]
    changed: Mapping[str, int]
    sha256: str

    def label_counts(self, part: str) -> dict[str, int]:
        counts = Counter(example.label for example in self.parts[part])
        return {label: counts[place] for place, label in enumerate(self.labels)}

    @property
    def lines(self) -> list[str]:
        """What was prepared, for people."""
        said = [f"{self.rows:,} rows read; split by {self.split}"]
        for part in PARTS:
            counts = ", ".join(f"{n} {count:,}" for n, count in self.label_counts(part).items())
            said.append(f"  {part:<10} {len(self.parts[part]):>7,}: {counts}")
        for what, counted in (("left out", self.left_out), ("changed", self.changed)):
            if counted:
                counts = ", ".join(f"{n} {count:,}" for n, count in sorted(counted.items()))
                said.append(f"  {what}: {counts}")
        return said


def prepare(
    reviews: Sequence[Review],
    *,
    classes: int = 3,
    how: str = AUTO,
    unread: Mapping[str, int] | None = None,
) -> Prepared:
    """
    Labels, redaction, duplicates, parts; `unread` counts rows that were left out before.

    Raise `ContractError` where there is not enough to learn from or to measure by.
    """
    cleaned = clean(reviews, classes)
    left_out = Counter(unread or {}) + cleaned.left_out
    rows = len(reviews) + sum((unread or {}).values())
    _check_any(cleaned.examples, left_out, LABELS[classes])
    how, where = split(cleaned.examples, how)
    left_out[OTHER_TIME] = where.count(None)
    parts = {
        part: [e for e, own in zip(cleaned.examples, where, strict=True) if own == part]
        for part in PARTS
    }
    done = Prepared(
        labels=LABELS[classes],
        parts=parts,
        split=how,
        rows=rows,
        left_out=+left_out,
        changed=cleaned.changed,
        sha256=_sha256(parts),
    )
    _check_parts(done)
    return done


def _check_any(
    examples: Sequence[Example], left_out: Mapping[str, int], labels: tuple[str, ...]
) -> None:
    reasons = ", ".join(f"{name} {count:,}" for name, count in sorted(left_out.items()))
    said = f"; left out: {reasons}" if reasons else ""
    if not examples:
        raise ContractError(
            f"there is nothing to learn from: no row has stars and words{said}. Name the columns"
            " with --rename rating=COLUMN body=COLUMN"
        )
    found = {example.label for example in examples}
    if missing := [label for place, label in enumerate(labels) if place not in found]:
        raise ContractError(
            f"no row is {' or '.join(missing)} by its stars, so nothing tells the classes apart"
            f"{said}. Add such reviews"
            + (", or train two classes with --classes 2" if missing == ["neutral"] else "")
        )


def _check_parts(prepared: Prepared) -> None:
    for part, why in ((TRAIN, "to learn"), (VALIDATION, "to calibrate by"), (TEST, "to test by")):
        counts = prepared.label_counts(part)
        if missing := [label for label, count in counts.items() if not count]:
            raise ContractError(
                f"the {part} part has no {missing[0]} review {why}, of {sum(counts.values()):,}"
                f" (split by {prepared.split}). Add reviews, or split otherwise: --split"
            )


def _sha256(parts: Mapping[str, Sequence[Example]]) -> str:
    digest = hashlib.sha256()
    for part in PARTS:
        for example in parts[part]:
            digest.update(json.dumps([part, example.label, example.text]).encode())
    return digest.hexdigest()
