"""`product_embedding`: each current product once, as a vector of unit norm."""

from collections.abc import Mapping

from nightshelf.names import EMBEDDING, PRODUCT_EMBEDDING
from nightshelf.shelf.table import answered_rows, merge


def assemble(models: Mapping[str, str], branch: str) -> str:
    rows = answered_rows(EMBEDDING, models[EMBEDDING], "writing_catalog", ("vector",))
    return merge(PRODUCT_EMBEDDING, branch, rows, dataset="catalog", id_field="product_id")
