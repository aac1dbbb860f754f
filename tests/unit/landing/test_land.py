import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightshelf.contracts import MALFORMED
from nightshelf.errors import ContractError
from nightshelf.landing import convert, sources
from nightshelf.landing.land import Landed, land
from nightshelf.landing.ready import Ready, readiness

DAY = date(2026, 2, 3)
CELLS = {"review_id": ["a", "b"], "product_id": ["p", "q"], "body": ["Warm.", "Soft, too."]}


class Shop:
    """Writes files as a shop has them, and lands them."""

    def __init__(self, folder):
        self.files, self.landing = folder / "files", folder / "landing"
        self.files.mkdir()

    def file(self, name, content):
        path = self.files / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def parquet(self, name, columns):
        pq.write_table(pa.table(columns), self.files / name)
        return self.files / name

    def land(self, *files, dataset="reviews", mode=None, **rename) -> Landed:
        return land(self.landing, dataset, files, DAY, rename=rename, mode=mode)

    def read(self, name="reviews.parquet", dataset="reviews"):
        return pq.read_table(self.landing / dataset / "date=2026-02-03" / name).to_pydict()

    def success(self, dataset="reviews"):
        folder = self.landing / dataset / "date=2026-02-03"
        assert readiness(folder) == Ready()
        assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
        return json.loads((folder / "_SUCCESS").read_text())


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


CSV = "review_id,product_id,body\na,p,Warm.\nb,q,"
TEXTS = [
    ("reviews.csv", CSV + '"Soft, too."\n'),
    ("reviews.csv", CSV + '"Soft, too."'),
    ("reviews.csv", (CSV + '"Soft, too."\n').replace("\n", "\r\n")),
    ("reviews.csv", b"\xef\xbb\xbf" + CSV.encode() + b'"Soft, too."\n'),
    ("reviews.csv", "review_id;product_id;body\na;p;Warm.\nb;q;Soft, too.\n"),
    ("reviews.csv", "review_id|product_id|body\n\na|p|Warm.\n\nb|q|Soft, too.\n\n"),
    ("reviews.tsv", "review_id\tproduct_id\tbody\na\tp\tWarm.\nb\tq\tSoft, too.\n"),
    ("reviews.CSV", '"review_id","product_id", body \na,p,Warm.\nb,q,"Soft, too."\n'),
    ("reviews.csv", "extra,Body,PRODUCT_ID,review_id\n1,Warm.,p,a\n2,\"Soft, too.\",q,b\n"),
    *(
        (name, "\n".join(json.dumps(dict(zip(CELLS, row, strict=True))) for row in rows))
        for name in ("reviews.jsonl", "reviews.ndjson", "reviews.json")
        for rows in [list(zip(*CELLS.values(), strict=True))]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), TEXTS)
def test_text_formats_land_as_parquet_of_strings(shop, name, content):
    landed = shop.land(shop.file(name, content))
    assert landed.rows == {"reviews.parquet": 2}
    assert landed.warnings == []
    found = shop.read()
    assert {field: found[field] for field in CELLS} == CELLS
    assert found[MALFORMED] == [None, None]
    path = landed.folder / "reviews.parquet"
    assert set(pq.read_schema(path).types) == {pa.string()}
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    assert shop.success() == {
        "files": [{"name": "reviews.parquet", "bytes": path.stat().st_size}],
        "version": 1,
    }


def test_parquet_keeps_its_types_and_loses_other_columns(shop):
    columns = {
        "id": pa.array([1, 2]),
        "product_id": pa.array(["p", "q"], pa.large_string()),
        "Text": ["x", "y"],
        "rating": pa.array([1, 5], pa.int8()),
        "age": [30, 40],
        "body": ["not", "this"],
    }
    path = shop.parquet("reviews.parquet", columns)
    landed = shop.land(path, review_id="id", body="Text")
    assert landed.dropped == {"reviews.parquet": ("age", "body")}
    schema = pq.read_schema(landed.folder / "reviews.parquet")
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        "review_id": "int64", "product_id": "large_string", "body": "string", "rating": "int8",
    }  # fmt: skip
    assert shop.read()["body"] == ["x", "y"]


def test_a_file_of_many_batches_keeps_its_order(shop, monkeypatch):
    monkeypatch.setattr(convert, "_ROWS", 7)
    ids = [str(n) for n in range(100)]
    columns = {"review_id": ids, "product_id": ids, "body": ids}
    lines = "\n".join(f"{n},{n},{n}" for n in ids)
    landed = shop.land(
        shop.parquet("one.parquet", columns),
        shop.file("two.csv", f"review_id,product_id,body\n{lines}\n"),
    )
    assert landed.rows == {"one.parquet": 100, "two.parquet": 100}
    assert shop.read("one.parquet")["body"] == shop.read("two.parquet")["body"] == ids
    assert pq.read_metadata(landed.folder / "two.parquet").num_row_groups == 15


HEADER = b"review_id,product_id,body\n"
LONG = b"x" * (4 * 2**20)
LINES = [
    # each between two sound lines, and what is noted in its place
    ("one cell too few", b"b,q\n", ["wrong_cell_count"]),
    ("one cell too many", b"b,q,r,s\n", ["wrong_cell_count"]),
    ("no UTF-8", b"b,q,caf\xe9\n", ["invalid_utf8"]),
    ("text after a quoted cell", b'b,q,"so" soft\n', ["not_csv"]),
    ("a quote that is never closed", b'b,q,"soft\n', ["not_csv"]),
    ("a quote that the next row closes", b'b,q,"soft\nd,s,"warm"\n', ["not_csv", None]),
    ("more than 4 MiB", b"b,q," + LONG + b"\n", ["line_too_long"]),
    ("a line break in quotes", b'b,q,"so\nsoft"\n', [None]),
    ("a quote within a cell", b"b,q,5\" heel\n", [None]),
    ("U+0000", b"b,q,so\0ft\n", [None]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "line", "noted"), LINES, ids=[line[0] for line in LINES])
def test_a_csv_line_that_cannot_be_read_is_still_a_row(shop, what, line, noted):
    path = shop.file("reviews.csv", HEADER + b"a,p,first\n" + line + b"c,r,last\n")
    landed = shop.land(path)
    found = shop.read()
    assert found[MALFORMED] == [None, *noted, None]
    assert found["body"][0] == "first"
    assert found["body"][-1] == "last"
    assert landed.rows == {"reviews.parquet": 2 + len(noted)}
    assert bool(landed.warnings) == any(noted)


OBJECT = b'{"review_id": "a", "product_id": "p", "body": "x"%s}\n'
OBJECTS = [
    ("no JSON", b"{'review_id': 1}\n", "invalid_json"),
    ("half an object", b'{"review_id": "a", "bo\n', "invalid_json"),
    ("brackets without end", b"[" * 100_000 + b"\n", "invalid_json"),
    ("a list", b'["a", "p", "x"]\n', "not_an_object"),
    ("a number", b"7\n", "not_an_object"),
    ("no UTF-8", OBJECT % b', "title": "caf\xe9"', "invalid_utf8"),
    ("half a surrogate pair", OBJECT % b', "title": "\\ud83d"', "invalid_text"),
    ("a list in the title", OBJECT % b', "title": ["x"]', "wrong_type_title"),
    ("a whole surrogate pair", OBJECT % b', "title": "\\ud83d\\ude00"', None),
    ("a list in a column of no field", OBJECT % b', "tags": ["x", "\\ud83d"]', None),
    ("a field that turns up late", OBJECT % b', "language": "en"', None),
]


@pytest.mark.parametrize(("what", "line", "noted"), OBJECTS, ids=[line[0] for line in OBJECTS])
def test_a_json_line_that_cannot_be_read_is_still_a_row(shop, what, line, noted):
    shop.land(shop.file("reviews.jsonl", OBJECT % b"" + line + OBJECT % b""))
    assert shop.read()[MALFORMED] == [None, noted, None]


def test_a_field_that_turns_up_late_is_kept(shop, monkeypatch):
    monkeypatch.setattr(sources, "_LINES_SAMPLED", 1)
    lines = OBJECT % b"" + OBJECT % b', "language": "en", "late": 1'
    landed = shop.land(shop.file("reviews.jsonl", lines))
    assert shop.read()["language"] == [None, "en"]
    assert landed.dropped == {"reviews.parquet": ("late",)}


def test_a_renamed_column_does_not_count_under_its_old_name(shop):
    shop.land(shop.file("reviews.csv", "review_id,product_id,title\na,p,Warm.\n"), body="title")
    assert shop.read() == {
        "review_id": ["a"], "product_id": ["p"], "body": ["Warm."], MALFORMED: [None],
    }  # fmt: skip


def test_json_values_land_as_they_are_written(shop):
    line = (
        '{"product_id": 7, "title": "x", "price": 12.50, "currency": null, "extra": 1,'
        ' "attributes": {"wide": true, "cm": 10.0, "none": null, "colour": "rosé"}}'
    )
    landed = shop.land(shop.file("p.jsonl", line), dataset="catalog", mode="delta")
    found = shop.read("p.parquet", "catalog")
    assert found["product_id"] == ["7"]
    assert found["price"] == ["12.50"]
    assert found["currency"] == [None]
    assert json.loads(found["attributes"][0]) == {
        "wide": True, "cm": "10.0", "none": None, "colour": "rosé",
    }  # fmt: skip
    assert landed.dropped == {"p.parquet": ("extra",)}
    assert shop.success("catalog")["mode"] == "delta"


def test_landing_again_adds_files_and_replaces_those_of_the_same_name(shop):
    shop.land(shop.parquet("a.parquet", CELLS), shop.parquet("b.parquet", CELLS))
    shop.land(shop.file("a.csv", CSV + "x"), shop.parquet("c.parquet", CELLS))
    names = [file["name"] for file in shop.success()["files"]]
    assert names == ["a.parquet", "b.parquet", "c.parquet"]
    assert shop.read("a.parquet")["body"] == ["Warm.", "x"]


def test_a_file_that_cannot_be_used_is_carried_over_and_said(shop):
    torn = shop.file("torn.parquet", shop.parquet("x.parquet", CELLS).read_bytes()[:200])
    page = bytearray(shop.parquet("page.parquet", CELLS | {"body": ["x" * 500] * 2}).read_bytes())
    page[4:200] = b"\xff" * 196
    corrupt = shop.file("page.parquet", bytes(page))
    lacking = shop.file("lacking.csv", "review_id,product_id,words\na,p,x\n")
    good = shop.parquet("good.parquet", CELLS)
    landed = shop.land(torn, corrupt, lacking, good)
    assert landed.rows == {"good.parquet": 2}
    assert landed.carried == ["torn.parquet", "page.parquet", "lacking.csv"]
    for path in (torn, corrupt, lacking):
        assert (landed.folder / path.name).read_bytes() == path.read_bytes()
    assert len(shop.success()["files"]) == 4
    assert "torn.parquet is not Parquet" in landed.warnings[0]
    assert "page.parquet is Parquet with a corrupt page" in landed.warnings[1]
    assert (
        "columns found: review_id, product_id, words; use --rename body=COLUMN"
        in (landed.warnings[2])
    )
    # Landed again in a sound form, it takes the other's place.
    shop.land(shop.file("lacking.csv", "review_id,product_id,body\na,p,x\n"))
    assert not (landed.folder / "lacking.csv").exists()
    assert shop.read("lacking.parquet")["body"] == ["x"]


def absent(shop):
    return [shop.files / "absent.csv"]


def text(name, content):
    return lambda shop: [shop.file(name, content)]


def good(shop):
    return [shop.parquet("reviews.parquet", CELLS)]


REFUSED = [
    (absent, {}, "there is no such file"),
    (lambda shop: [shop.files], {}, "is not a file"),
    (lambda shop: [], {}, "no file was named"),
    (text("a.csv", ""), {}, "is empty"),
    (text("a.csv", "\n\n"), {}, "has no header"),
    (text("a.csv", "1,2,3\na,b,c\n"), {}, "does not look like a header"),
    (text("a.csv", "a,p," + "long " * 30 + "\n"), {}, "does not look like a header"),
    (text("a.csv", "a,b,c\n".encode("utf-16")), {}, "is UTF-16; save it as UTF-8"),
    (text("a.json", "[\n{}]"), {}, "one object a line"),
    (text("a.xlsx", "x"), {}, "cannot tell the format"),
    (text("a.csv.gz", "x"), {}, "cannot tell the format"),
    (text("_a.csv", CSV), {}, "begin with . or _"),
    (text("a.csv", "id,text\n1,x\n"), {}, "columns found: id, text; use --rename review_id=COLUMN"),
    (text("a.csv", CSV.replace("body", "body,Body")), {}, "all mean body"),
    (text("a.jsonl", "no json\n"), {}, "no column for review_id"),
    (text("a.parquet", "no parquet"), {}, "not Parquet that can be read"),
    (good, {"stars": "x"}, "no such field; fields: review_id"),
    (good, {"rating": "stars"}, "no file has a column 'stars'; columns found: review_id"),
    (lambda shop: [*good(shop), shop.file("reviews.csv", CSV)], {}, "both become reviews.parquet"),
    (good, {"mode": "delta"}, "--delta is for the catalog"),
    (good, {"dataset": "catalog"}, "--snapshot .* or --delta"),
    (good, {"dataset": "orders"}, "no data set is called 'orders'; use reviews or catalog"),
]


@pytest.mark.parametrize(("files", "changed", "message"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_cannot_be_landed_is_refused_and_nothing_is_written(shop, files, changed, message):
    with pytest.raises(ContractError, match=message):
        shop.land(*files(shop), **changed)
    assert not shop.landing.exists()


def test_a_refusal_leaves_what_was_landed_before(shop):
    shop.land(*good(shop))
    before = shop.success()
    with pytest.raises(ContractError, match="nothing landed"):
        shop.land(shop.file("reviews.parquet", b"torn"))
    assert shop.success() == before
    assert shop.read()["review_id"] == ["a", "b"]


def test_a_folder_is_a_snapshot_or_a_delta(shop):
    path = shop.file("p.csv", "product_id,title\np,x\n")
    shop.land(path, dataset="catalog", mode="snapshot")
    with pytest.raises(ContractError, match="was landed as --snapshot"):
        shop.land(path, dataset="catalog", mode="delta")
    assert shop.success("catalog")["mode"] == "snapshot"


def test_what_a_killed_process_left_is_swept(shop):
    folder = shop.land(*good(shop)).folder
    (folder / ".old.parquet.landing").write_text("half")
    shop.land(shop.parquet("more.parquet", CELLS))
    assert [file["name"] for file in shop.success()["files"]] == ["more.parquet", "reviews.parquet"]
