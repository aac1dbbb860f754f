"""What a sentiment head is worth: its scores, and the card that ships with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from nightshelf.models.sentiment_head import SentimentHead
from nightshelf.training.head_fit import Recipe
from nightshelf.training.labelled_texts import NEUTRAL, PARTS, SOURCES, LabelledText
from nightshelf.training.scores import Score, score

NEGATIVE_OR_POSITIVE = 2
ALL = 3


@dataclass(frozen=True)
class Line:
    """One score; with two classes neutral texts are left out and p_neutral is not looked at."""

    part: str
    source: str
    classes: int
    score: Score


def measure(
    head: SentimentHead, texts: Sequence[LabelledText], embeddings: NDArray[np.float32]
) -> list[Line]:
    """Scores by part and source; a source without neutral texts is scored on two classes only."""
    given = np.array(head.answer(embeddings))
    labels = np.array([text.label for text in texts])
    where = np.array([(text.part, text.source) for text in texts])
    lines = []
    for part in PARTS:
        for source in SOURCES:
            here = (where == (part, source)).all(axis=1)
            if (labels[here] == NEUTRAL).any():
                measured = score(labels[here], given[here].argmax(axis=1))
                lines.append(Line(part, source, ALL, measured))
            polar = here & (labels != NEUTRAL)
            measured = score(labels[polar], given[polar][:, [0, 2]].argmax(axis=1) * 2)
            lines.append(Line(part, source, NEGATIVE_OR_POSITIVE, measured))
    return lines


def card(lines: Sequence[Line], recipe: Recipe, made_from: Mapping[str, str]) -> str:
    """The model card in Markdown; `made_from` by name."""
    template = files("nightshelf.training").joinpath("head_card.md").read_text("utf-8")
    return template.format(
        scores="\n".join(
            f"| {line.part} | {line.source} | {line.classes} | {line.score.count:,}"
            f" | {line.score.accuracy:.3f} | {line.score.macro_f1:.3f} |"
            for line in lines
        ),
        recipe=", ".join(f"{name} {value}" for name, value in asdict(recipe).items()),
        made_from="\n".join(f"- {name}: `{value}`" for name, value in made_from.items()),
    )
