"""The model card, and how to name the model for a night."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from nightshelf.training.measuring import Measured, Scored
from nightshelf.training.prepare.prepared import Prepared
from nightshelf.training.prepare.split import PARTS


def use(out: Path, max_tokens: int, question: str = "tone") -> str:
    """The lines of a classifiers.toml that make it a question."""
    return f'[{question}]\nmodel = "folder:{out.absolute()}"\nmax_tokens = {max_tokens}'


def card(about: Mapping[str, Any], prepared: Prepared, found: Measured, out: Path) -> str:
    """Markdown; `about` is what `training.json` holds beside the scores."""
    template = files("nightshelf.training.finetune").joinpath("card.md").read_text("utf-8")
    counts = {part: prepared.label_counts(part) for part in PARTS}
    left_out = ", ".join(f"{n} {count:,}" for n, count in sorted(prepared.left_out.items()))
    max_tokens = about["recipe"]["max_tokens"]
    lines = use(out, max_tokens).splitlines()
    return template.format(
        licence=about["licence"],
        base=about["recipe"]["base"],
        task=about["task"],
        labels=", ".join(prepared.labels),
        made_from=_list(about["made_from"]),
        split=prepared.split,
        label_columns=" | ".join(prepared.labels),
        label_lines="|".join("---" for _ in prepared.labels),
        parts="\n".join(
            f"| {part} | {sum(own.values()):,} | {' | '.join(f'{n:,}' for n in own.values())} |"
            for part, own in counts.items()
        ),
        left_out=f"Of {prepared.rows:,} rows read, left out: {left_out or 'none'}.",
        training=_list(about["training"] | about["recipe"]),
        scores="\n".join(map(_score_line, found.scored)),
        by_label="\n".join(
            f"| {label} | {own.count:,} | {own.precision:.3f} | {own.recall:.3f} | {own.f1:.3f} |"
            for label, own in found.by_label.items()
        ),
        max_tokens=max_tokens,
        use="\n".join(f"    {line}" for line in lines),
    )


def _list(named: Mapping[str, object]) -> str:
    return "\n".join(f"- {name}: `{value}`" for name, value in named.items())


def _score_line(one: Scored) -> str:
    cells = " | ".join(str(estimate) for estimate in one.scores.scores.values())
    return f"| {one.part} | {one.classes} | {one.scores.count:,} | {cells} |"
