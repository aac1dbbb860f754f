"""Judge drafts where they are joined with their products; no model below this line."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.storagelevel import StorageLevel

from nightshelf.grounding.policy_brands import Brands
from nightshelf.shelf.product_description import Judge
from nightshelf.shelf.published import Published
from nightshelf.spark.requests import Describing

_JUDGED = "judged_drafts"


def judged(session: SparkSession, one: Published, rows: str, describing: Describing) -> str:
    """
    Select the rows of the table `one`; `rows` selects products with `request` and their drafts.

    Written down before anything is joined with it: each text is judged once.
    """
    found = _judged(session.sql(rows), one, describing)
    found = found.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)
    found.createOrReplaceTempView(_JUDGED)
    return f"TABLE {_JUDGED}"


def _judged(rows: DataFrame, one: Published, describing: Describing) -> DataFrame:
    schema = one.spec.schema
    kept = [name for name in schema.names if name in rows.columns]
    drafts = rows.select("request", "finish", *kept)
    judge = Judge(Brands.of(describing.book.known_brands), describing.judge)
    return drafts.mapInArrow(_shown(schema, judge), from_arrow_schema(schema))


def _shown(
    schema: pa.Schema, judge: Judge
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = [
                {**row, **judge.shown(row["request"], row["text"], row["status"], row["finish"])}
                for row in batch.to_pylist()
            ]
            yield pa.RecordBatch.from_pylist(rows, schema)

    return read
