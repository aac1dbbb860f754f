"""What the shop delivers about reviews; only three fields are required."""

import pyarrow as pa

from nightshelf.contracts.contract import Contract

REVIEWS = Contract(
    dataset="reviews",
    id_field="review_id",
    time_field="created_at",
    schema=pa.schema(
        {
            "review_id": pa.string(),
            "product_id": pa.string(),
            "customer_id": pa.string(),
            "created_at": pa.timestamp("us", tz="UTC"),
            "rating": pa.float64(),
            "title": pa.string(),
            "body": pa.string(),
            "language": pa.string(),
            "op": pa.string(),
        }
    ),
    required=("review_id", "product_id", "body"),
    redacted=("title", "body"),
)
