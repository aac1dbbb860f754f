import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from nightshelf.contracts import MALFORMED, REVIEWS
from nightshelf.errors import ContractError
from nightshelf.ingest.file_check import UnreadableFile, check_file, read_batches

GOOD = {"review_id": ["a", "b"], "product_id": ["p", "p"], "body": ["x", "y"]}


def write(path, columns):
    pq.write_table(pa.table(columns), path)
    return path


def with_columns(**changed):
    return lambda path: write(path, {k: v for k, v in (GOOD | changed).items() if v is not None})


def cut(keep):
    def make(path):
        data = write(path, GOOD).read_bytes()
        path.write_bytes(data[:keep] if keep > 0 else data[keep:])

    return make


def ambiguous(path):
    names = [*GOOD, "Body"]
    write(path, pa.table([*GOOD.values(), ["x", "y"]], names=names))


def footer_of_nonsense(path):
    data = write(path, GOOD).read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    path.write_bytes(data[: -8 - length] + b"\xff" * length + data[-8:])


class PlainKeys(pe.KmsClient):
    """Wraps keys by not wrapping them: all that a test of encrypted files needs."""

    def __init__(self, _config):
        super().__init__()

    def wrap_key(self, key_bytes, _master):
        return key_bytes.hex()

    def unwrap_key(self, wrapped, _master):
        return bytes.fromhex(wrapped)


def encrypted(path):
    factory = pe.CryptoFactory(PlainKeys)
    config = pe.EncryptionConfiguration(footer_key="k", column_keys={"k": ["body"]})
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), config)
    table = pa.table(GOOD)
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)


BAD_FILES = [
    ("no bytes", lambda path: path.write_bytes(b""), "empty_file", None),
    ("a CSV file", lambda path: path.write_text("a,b\n1,2\n"), "not_parquet", None),
    ("three bytes", lambda path: path.write_bytes(b"PAR"), "not_parquet", None),
    ("the magic alone", lambda path: path.write_bytes(b"PAR1"), "corrupt_footer", None),
    ("the first half", cut(300), "truncated", None),
    ("the last half", cut(-300), "not_parquet", None),
    ("a broken footer", footer_of_nonsense, "corrupt_footer", None),
    ("an encrypted file", encrypted, "encrypted", None),
    ("no body", with_columns(body=None), "missing_column", "body"),
    ("no id", with_columns(review_id=None), "missing_column", "review_id"),
    ("no id, but deletes", with_columns(review_id=None, op=["delete"] * 2), "missing_column",
     "review_id"),
    ("body and Body", ambiguous, "ambiguous_column", "body"),
    ("body as bytes", with_columns(body=[b"x", b"y"]), "wrong_schema", "body"),
    ("body as a list", with_columns(body=[[1], [2]]), "wrong_schema", "body"),
    ("rating as true or false", with_columns(rating=[True, False]), "wrong_schema", "rating"),
    ("created_at as a share", with_columns(created_at=[0.5, 0.1]), "wrong_schema", "created_at"),
    ("a column _malformed of numbers", with_columns(**{MALFORMED: [1, 2]}), "wrong_schema",
     MALFORMED),
    ("nothing", lambda path: None, "missing_file", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "make", "reason", "field"), BAD_FILES, ids=[bad[0] for bad in BAD_FILES]
)
def test_a_bad_file_gets_its_reason(tmp_path, what, make, reason, field):
    path = tmp_path / "reviews.parquet"
    make(path)
    found = check_file(path, REVIEWS)
    assert (found.reason, found.field) == (reason, field)
    assert found.detail


GOOD_FILES = [
    ("the required columns", {}),
    ("any case", {"body": None, "BODY": ["x", "y"]}),
    ("further columns", {"age": [1, 2], "tags": [["a"], []]}),
    ("deletes alone", {"product_id": None, "body": None, "op": ["delete"] * 2}),
    ("ids as numbers", {"review_id": [1, 2], "product_id": [3, 4]}),
    ("a column of nulls", {"rating": pa.nulls(2)}),
]


@pytest.mark.parametrize(("what", "changed"), GOOD_FILES, ids=[good[0] for good in GOOD_FILES])
def test_a_good_file_passes_and_gives_the_contracts_columns(tmp_path, what, changed):
    path = tmp_path / "reviews.parquet"
    with_columns(**changed)(path)
    found = check_file(path, REVIEWS)
    assert (found.rows, found.reason) == (2, None)
    (batch,) = read_batches(path, REVIEWS)
    assert batch.schema.names == REVIEWS.schema.names
    assert batch.num_rows == 2


def test_lacking_columns_are_null_in_the_contracts_type(tmp_path):
    (batch,) = read_batches(write(tmp_path / "a.parquet", GOOD), REVIEWS)
    assert batch.column("created_at").type == REVIEWS.schema.field("created_at").type
    assert batch.column("created_at").null_count == 2


def test_what_landing_noted_is_read(tmp_path):
    path = write(tmp_path / "a.parquet", GOOD | {MALFORMED: ["invalid_json", None]})
    (batch,) = read_batches(path, REVIEWS)
    assert batch.column(MALFORMED).to_pylist() == ["invalid_json", None]


def test_batches_are_bounded_in_rows_and_in_bytes(tmp_path):
    count = 1_000
    ids = [str(n) for n in range(count)]
    path = write(tmp_path / "a.parquet", {"review_id": ids, "product_id": ids, "body": ids})
    sizes = [batch.num_rows for batch in read_batches(path, REVIEWS, rows=300)]
    assert sizes == [300, 300, 300, 100]
    bodies = [f"{n} " * 60_000 for n in range(count)]
    path = tmp_path / "b.parquet"
    table = pa.table({"review_id": ids, "product_id": ids, "body": bodies})
    pq.write_table(table, path, use_dictionary=False)
    assert max(batch.nbytes for batch in read_batches(path, REVIEWS)) < 80 * 2**20


def test_a_corrupt_page_is_one_named_error(tmp_path):
    path = write(tmp_path / "a.parquet", GOOD | {"body": ["x" * 500, "y" * 500]})
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(data)
    assert check_file(path, REVIEWS).reason is None
    with pytest.raises(UnreadableFile, match=r"a\.parquet has a page that cannot be read"):
        list(read_batches(path, REVIEWS))
    assert issubclass(UnreadableFile, ContractError)
