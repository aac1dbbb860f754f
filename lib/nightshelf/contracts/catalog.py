"""What the shop delivers about products; a catalog lands as a snapshot or as a delta."""

import pyarrow as pa

from nightshelf.contracts.contract import Contract

CATALOG = Contract(
    dataset="catalog",
    id_field="product_id",
    time_field="updated_at",
    schema=pa.schema(
        {
            "product_id": pa.string(),
            "title": pa.string(),
            "brand": pa.string(),
            "category": pa.string(),
            "attributes": pa.map_(pa.string(), pa.string()),
            "description": pa.string(),
            "price": pa.float64(),
            "currency": pa.string(),
            "image": pa.string(),
            "updated_at": pa.timestamp("us", tz="UTC"),
            "op": pa.string(),
        }
    ),
    required=("product_id", "title"),
    redacted=("title", "description", "attributes"),
)
