"""`review_sentiment`: each current review once, with how its writer feels."""

from collections.abc import Mapping

from nightshelf.names import REVIEW_SENTIMENT, SENTIMENT
from nightshelf.shelf.table import answered_rows, merge


def assemble(models: Mapping[str, str], branch: str) -> str:
    columns = ("label", "p_negative", "p_neutral", "p_positive")
    rows = answered_rows(SENTIMENT, models[SENTIMENT], "writing_reviews", columns)
    return merge(REVIEW_SENTIMENT, branch, rows, dataset="reviews", id_field="review_id")
