"""What a worker makes of a landed file, without Spark."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.privacy.test_names import SHOP, Marking

from nightshelf.answers.key import content_key
from nightshelf.privacy.choice import with_names
from nightshelf.privacy.names import NameRedactor
from nightshelf.privacy.redact import REDACTOR_VERSION
from nightshelf.spark.read_landing import judged_schema, landing_reader

NAMES = NameRedactor(Marking("Jo", "Tarn"), SHOP)


@pytest.mark.parametrize(
    ("names", "body", "redactor", "redactions"),
    [
        pytest.param(None, "Jo has a Tarn, [email]", REDACTOR_VERSION, 1, id="off"),
        pytest.param(NAMES, "[name] has a Tarn, [email]", with_names(NAMES), 2, id="on"),
    ],
)
def test_keys_are_made_of_what_is_left(tmp_path, names, body, redactor, redactions):
    path = tmp_path / "a.parquet"
    said = ["Jo has a Tarn, jo@example.org", ""]
    pq.write_table(
        pa.table({"review_id": ["r", "s"], "product_id": ["p1"] * 2, "body": said}), path
    )
    files = pa.RecordBatch.from_pylist(
        [{"path": str(path), "file": path.name, "landing_date": "2026-03-01"}]
    )
    batches = landing_reader("reviews", b"secret", names)([files])
    read = pa.Table.from_batches(batches, judged_schema("reviews")).to_pylist()
    [accepted] = [row for row in read if row["reason"] is None]
    assert accepted["body"] == body
    assert accepted["redactor"] == redactor
    assert accepted["redactions"] == redactions
    assert accepted["content_key"] == content_key(b"secret", body)
    [rejected] = [row for row in read if row["reason"]]
    assert (rejected["row"], rejected["redactor"], rejected["body"]) == (2, None, None)
