"""Count who has signed the published rows of a release."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.release import Release
from nightshelf.names import PRODUCT_INSIGHT

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog


def rows_by_version(catalog: "Catalog", release: Release) -> Mapping[str, int]:
    """Model version to published rows, in all tables that hold answers; read batch by batch."""
    found: Counter[str] = Counter()
    for table, snapshot in release.tables.items():
        if table == PRODUCT_INSIGHT:  # sums of what the others show
            continue
        scan = catalog.load_table(local_name(table)).scan(
            snapshot_id=snapshot, selected_fields=("model_version",)
        )
        with scan.to_arrow_batch_reader() as batches:
            for batch in batches:
                counted = pc.value_counts(batch["model_version"]).to_pylist()
                found.update({one["values"]: one["counts"] for one in counted if one["values"]})
    return found
