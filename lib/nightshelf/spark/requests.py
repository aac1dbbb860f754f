"""What a generator is asked about each product: its fields, and the shop's rules for them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from nightshelf.answers.key import content_key
from nightshelf.contracts.description_rules import DescriptionRuleBook
from nightshelf.questions.description_content import contents

#: They are in the request, as far as the rules let them.
_FIELDS = ("title", "brand", "category", "attributes", "description")
_SPENT = (*_FIELDS, "content_key")


@dataclass(frozen=True)
class Describing:
    """The shop's rules, the secret that keys are made with, and who judges: see `shelf`."""

    book: DescriptionRuleBook
    judge: str
    secret: bytes = field(repr=False)


def with_requests(products: DataFrame, describing: Describing) -> DataFrame:
    """
    The rows of `products` with `request`, the text that a generator reads, its `content_key` and
    `judged_by`, in place of the fields that it was made of.
    """
    schema = f"{_spelled(products)}, request string, content_key string"
    rows = products.mapInArrow(_requests(describing.book, describing.secret), schema)
    return rows.withColumn("judged_by", F.lit(describing.judge))


def _spelled(products: DataFrame) -> str:
    kept = products.drop(*_SPENT)
    return ", ".join(f"{item.name} {item.dataType.simpleString()}" for item in kept.schema)


def _requests(
    book: DescriptionRuleBook, secret: bytes
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = batch.select(list(_FIELDS)).to_pylist(maps_as_pydicts="lossy")
            texts = contents(rows, book)
            keys = [content_key(secret, text) for text in texts]
            made = {"request": pa.array(texts, pa.string()), "content_key": pa.array(keys)}
            kept = {name: batch[name] for name in batch.schema.names if name not in _SPENT}
            yield pa.RecordBatch.from_pydict({**kept, **made})

    return read
