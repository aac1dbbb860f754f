"""Deal texts into shards that take equally long."""

import heapq
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql.types import IntegerType, StructField, StructType

SHARD = "shard"


def in_equal_shards(texts: DataFrame, shards: int) -> DataFrame:
    """
    `texts` in `shards` partitions whose texts are as long together, but for one text.

    Characters stand for tokens, which only the worker counts. Which shard a text falls into
    depends on nothing but the texts, so a task that runs again gets the same ones.
    """
    schema = StructType([*texts.schema.fields, StructField(SHARD, IntegerType())])
    dealt = texts.mapInArrow(_deal(shards), schema)
    return dealt.repartitionById(shards, SHARD).drop(SHARD)


def _deal(shards: int) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        loads = [(0, number) for number in range(shards)]
        for batch in batches:
            chosen = []
            for length in pc.utf8_length(batch["text"]).to_pylist():
                load, number = loads[0]
                heapq.heapreplace(loads, (load + length + 1, number))
                chosen.append(number)
            yield batch.append_column(SHARD, pa.array(chosen, pa.int32()))

    return read
