"""How many tokens texts have, by the model's own reader; on a sample where they are many."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from nightshelf.models.panel import Choice
from nightshelf.spark.worker import reader_of

#: So many texts of a model are tokenised, or all of them.
SAMPLE = 10_000
_SCHEMA = "content_key string, chars int, stratum int, tokens int"


class Counted(NamedTuple):
    """`rows` has one a text: `content_key` and `tokens`, a double that may be an estimate."""

    rows: DataFrame
    tokens: int
    counted: int


def count_tokens(texts: DataFrame, choice: Choice, total: int, *, sample: int = SAMPLE) -> Counted:
    """
    The tokens that the engine will count for the `total` `texts`: `content_key` and `text`.

    Which are tokenised follows from their keys, which are as good as random. The others are
    estimated by their characters, among texts of about the same length: long ones are cut, and
    short ones have more tokens a character.
    """
    share = min(1.0, sample / max(total, 1))
    measured = texts.select("content_key", "text").mapInArrow(_measure(choice, share), _SCHEMA)
    # Written down: it is read once to learn from, and once more by whoever has to choose.
    measured = measured.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)
    known = F.col("tokens").isNotNull()
    strata = (
        measured.groupBy("stratum")
        .agg(
            F.sum("chars").alias("chars"),
            F.coalesce(F.sum(F.when(known, F.col("chars"))), F.lit(0)).alias("read"),
            F.coalesce(F.sum("tokens"), F.lit(0)).alias("tokens"),
            F.count("tokens").alias("counted"),
        )
        .collect()
    )
    ratios = _ratios(strata)
    tokens = sum(
        one["tokens"] + (one["chars"] - one["read"]) * ratios[one["stratum"]] for one in strata
    )
    rows = measured.select("content_key", _tokens(ratios).alias("tokens"))
    return Counted(rows, round(tokens), sum(one["counted"] for one in strata))


def _ratios(strata: list[Row]) -> dict[int, float]:
    """Tokens a character by stratum; of all texts together where a stratum has no sample."""
    overall = sum(one["tokens"] for one in strata) / max(1, sum(one["read"] for one in strata))
    return {
        one["stratum"]: one["tokens"] / one["read"] if one["read"] else overall for one in strata
    }


def _tokens(ratios: dict[int, float]) -> Column:
    ratio = F.lit(0.0)
    for stratum, value in ratios.items():
        ratio = F.when(F.col("stratum") == stratum, F.lit(value)).otherwise(ratio)
    return F.coalesce(F.col("tokens").cast("double"), F.col("chars") * ratio)


def _measure(
    choice: Choice, share: float
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = reader_of(choice)
        for batch in batches:
            keys = batch["content_key"].to_pylist()
            chars = pc.utf8_length(batch["text"])
            chosen = [place for place, key in enumerate(keys) if is_sampled(key, share)]
            lengths = reader.prepare(batch["text"].take(pa.array(chosen, pa.int64())).to_pylist())
            tokens: list[int | None] = [None] * len(keys)
            for place, length in zip(chosen, lengths.lengths.tolist(), strict=True):
                tokens[place] = length
            yield pa.RecordBatch.from_pydict(
                {
                    "content_key": batch["content_key"],
                    "chars": chars.cast(pa.int32()),
                    "stratum": pa.array(map(stratum_of, chars.to_pylist()), pa.int32()),
                    "tokens": pa.array(tokens, pa.int32()),
                }
            )

    return read


def is_sampled(content_key: str, share: float) -> bool:
    """
    >>> is_sampled("80000000ff", 0.6), is_sampled("80000000ff", 0.4), is_sampled("ffffffff", 1.0)
    (True, False, True)
    """
    return int(content_key[:8], 16) < share * 2**32


def stratum_of(chars: int) -> int:
    """
    Half an octave of lengths.

    >>> [stratum_of(chars) for chars in (0, 1, 100, 120, 170)]
    [0, 2, 13, 13, 14]
    """
    return int(2 * math.log2(chars + 1))
