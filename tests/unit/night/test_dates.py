import json
from datetime import UTC, datetime

import pytest

from nightshelf.errors import ContractError, NotReady
from nightshelf.night.dates import dates_of, files_read, landings_of
from nightshelf.night.lease import date_lease, must_take
from nightshelf.ops import runs

FIRST, SECOND, TONIGHT, LATER = "2026-02-01", "2026-02-02", "2026-03-01", "2026-03-02"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def listing(mode=None, **files):
    listed = [{"name": f"{stem}.parquet", "bytes": size} for stem, size in files.items()]
    return json.dumps({"files": listed, "version": 1} | ({"mode": mode} if mode else {}))


def folder(context, dataset, date):
    return context.settings.landing / dataset / f"date={date}"


def deliver(context, dataset, date, files, success=""):
    place = folder(context, dataset, date)
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).write_text(text)
    if success is not None:
        (place / "_SUCCESS").write_text(success)


@pytest.fixture
def read(context):
    """Two earlier dates that an ended night has read."""
    for date in (FIRST, SECOND):
        success = listing(a=3, b=1)
        deliver(context, "reviews", date, {"a.parquet": "aaa", "b.parquet": "b"}, success)
    runs.open_run(context.ops, "earlier", date=SECOND, step="release", now=NOW)
    files = {"files": files_read(landings_of(context, [FIRST, SECOND]))}
    runs.update_run(context.ops, "earlier", dates={FIRST: "", SECOND: ""}, files=files)
    runs.settle_files(context.ops, "earlier")
    return context


def vanish(context):
    (folder(context, "reviews", FIRST) / "a.parquet").unlink()


def vanish_whole(context):
    place = folder(context, "reviews", FIRST)
    for path in place.iterdir():
        path.unlink()
    place.rmdir()


CHANGES = [
    ("nothing", lambda c: None, {}),
    ("a late file", lambda c: deliver(c, "reviews", FIRST, {"c.parquet": "c"}),
     {FIRST: "reviews: new c.parquet"}),
    ("a changed file", lambda c: deliver(c, "reviews", FIRST, {"a.parquet": "aba"}),
     {FIRST: "reviews: changed a.parquet"}),
    ("a vanished file", vanish, {FIRST: "reviews: vanished a.parquet"}),
    ("a vanished folder", vanish_whole,
     {FIRST: "reviews: vanished a.parquet; reviews: vanished b.parquet"}),
    ("a catalog of an earlier date", lambda c: deliver(c, "catalog", SECOND, {"p.parquet": "p"}),
     {SECOND: "catalog: new p.parquet"}),
    ("both", lambda c: (deliver(c, "catalog", SECOND, {"p.parquet": "p"}), vanish(c)),
     {FIRST: "reviews: vanished a.parquet", SECOND: "catalog: new p.parquet"}),
    ("a later date", lambda c: deliver(c, "reviews", LATER, {"a.parquet": "a"}), {}),
    ("tonight's own", lambda c: deliver(c, "reviews", TONIGHT, {"a.parquet": "a"}), {}),
    ("a date that is being delivered",
     lambda c: deliver(c, "reviews", "2026-02-03", {"a.parquet": "a"}, None), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "earlier"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_night_does_its_own_date_and_earlier_ones_that_changed(read, change, earlier):
    change(read)
    found = dates_of(read, "tonight", TONIGHT)
    assert found == {TONIGHT: "the night itself", **earlier}
    assert list(found) == [TONIGHT, *sorted(earlier)]


def test_a_date_of_another_run_is_left_to_it(read):
    vanish(read)
    deliver(read, "reviews", SECOND, {"c.parquet": "c"})
    must_take(read, "other", date_lease(FIRST))
    assert set(dates_of(read, "tonight", TONIGHT)) == {TONIGHT, SECOND}


@pytest.mark.parametrize("success", [None, "{"], ids=["not closed", "malformed"])
def test_a_date_is_left_alone_while_one_of_its_folders_is_being_delivered(read, success):
    vanish(read)
    deliver(read, "catalog", FIRST, {"p.parquet": "p"}, success)
    assert set(dates_of(read, "tonight", TONIGHT)) == {TONIGHT}
    deliver(read, "catalog", FIRST, {})
    assert set(dates_of(read, "tonight", TONIGHT)) == {TONIGHT, FIRST}


# ------------------------------------------------------------------ landings

AB = {"a.parquet": "aaa", "b.parquet": "b"}
READ = [
    ("not delivered", None, "", []),
    ("closed by a list", AB, listing(a=3, b=1), ["a.parquet", "b.parquet"]),
    ("closed by Spark", AB, "", ["a.parquet", "b.parquet"]),
    ("empty", {}, listing(), []),
    ("a listed file has vanished", {"b.parquet": "b"}, listing(a=3, b=1), ["b.parquet"]),
    ("all listed files have vanished", {}, listing(a=3, b=1), []),
    ("a file is not as listed", AB, listing(a=9, b=1), ["a.parquet", "b.parquet"]),
]


@pytest.mark.parametrize(
    ("files", "success", "names"), [r[1:] for r in READ], ids=[r[0] for r in READ]
)
@pytest.mark.parametrize("dataset", ["reviews", "catalog"])
def test_what_is_there_is_read(context, dataset, files, success, names):
    if files is not None:
        deliver(context, dataset, FIRST, files, success)
    found = {one.dataset: one for one in landings_of(context, [FIRST])}
    assert sorted(found) == ["catalog", "reviews"]
    assert [file.name for file in found[dataset].files] == names
    assert [list(one.files) for name, one in found.items() if name != dataset] == [[]]


@pytest.mark.parametrize("dataset", ["reviews", "catalog"])
@pytest.mark.parametrize(
    ("success", "error"), [(None, NotReady), ("{", ContractError)], ids=["not closed", "malformed"]
)
def test_what_is_not_closed_is_not_taken_for_empty(context, dataset, success, error):
    deliver(context, dataset, FIRST, AB, success)
    with pytest.raises(error, match=f"{dataset}/date={FIRST}"):
        landings_of(context, [FIRST])


@pytest.mark.parametrize(
    ("default", "success", "mode"),
    [
        ("delta", listing("snapshot", p=1), "snapshot"),
        ("snapshot", listing("delta", p=1), "delta"),
        ("snapshot", "", "snapshot"),
        ("delta", "", "delta"),
    ],
)
def test_a_catalog_has_a_mode_and_reviews_have_none(new_context, default, success, mode):
    context = new_context(catalog_mode=default)
    deliver(context, "catalog", FIRST, {"p.parquet": "p"}, success)
    deliver(context, "reviews", FIRST, {"a.parquet": "a"})
    modes = {one.dataset: one.mode for one in landings_of(context, [FIRST])}
    assert modes == {"catalog": mode, "reviews": None}


def test_dates_come_in_order(context):
    found = landings_of(context, [TONIGHT, FIRST])
    assert [one.date for one in found] == [FIRST, FIRST, TONIGHT, TONIGHT]
