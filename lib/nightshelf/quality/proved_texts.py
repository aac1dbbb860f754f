"""What must hold of published texts: each is proved claim by claim, and few are alike."""

from nightshelf.answers.status import ABSTAINED
from nightshelf.quality.drift import ENOUGH_ROWS
from nightshelf.quality.expectations import Expectation
from nightshelf.settings import Settings


def proved_texts(settings: Settings) -> tuple[Expectation, ...]:
    """Of `lake.shelf.product_description`."""
    refused = f"count_if(status = '{ABSTAINED}') / nullif(count(*), 0)"
    alike = "(count(text) - count(DISTINCT text)) / nullif(count(text), 0)"
    return (
        Expectation(
            "unsupported_claims",
            "coalesce(sum(size(filter(proof, x -> x.verdict <> 'supported'))), 0)",
            at_most=0,
        ),
        Expectation(
            "texts_without_proof",
            "count_if(text IS NOT NULL AND coalesce(size(proof), 0) < 1)",
            at_most=0,
        ),
        Expectation(
            "texts_without_fate",
            "count_if(fate IS NULL OR (fate <> 'abstained') <> (text IS NOT NULL))",
            at_most=0,
        ),
        _share("refused_share", refused, settings.max_refused_share),
        _share("texts_alike", alike, settings.max_texts_alike),
    )


def _share(name: str, measure: str, at_most: float) -> Expectation:
    """Of few rows it says nothing."""
    enough = f"CASE WHEN count(*) < {ENOUGH_ROWS} THEN 0 ELSE {measure} END"
    return Expectation(name, f"coalesce({enough}, 0)", at_most=at_most, is_judgement=True)
