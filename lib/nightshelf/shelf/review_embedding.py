"""`review_embedding`: each current review once, as a vector of unit norm."""

from collections.abc import Mapping

from nightshelf.names import EMBEDDING, REVIEW_EMBEDDING
from nightshelf.shelf.table import answered_rows, merge


def assemble(models: Mapping[str, str], branch: str) -> str:
    rows = answered_rows(EMBEDDING, models[EMBEDDING], "writing_reviews", ("vector",))
    return merge(REVIEW_EMBEDDING, branch, rows, dataset="reviews", id_field="review_id")
