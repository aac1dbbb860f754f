from datetime import UTC, date, datetime

import pytest

from nightshelf.errors import InputMissing, NotReady, SettingsError
from nightshelf.night.lease import must_take
from nightshelf.night.ready import must_be_free, must_be_ready

DAY = date(2026, 3, 1)
IN_TIME = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOO_LATE = datetime(2026, 3, 2, 8, 1, tzinfo=UTC)
EMPTY = '{"files": [], "version": 1}'
HALF = '{"files": [{"name": "f.parquet", "bytes": 9}], "version": 1}'


def deliver(context, dataset, files):
    folder = context.settings.landing / dataset / f"date={DAY}"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)


READY = [
    ("reviews", "reviews", {"reviews": {"f.parquet": "x", "_SUCCESS": ""}}),
    ("no reviews, said so", "reviews", {"reviews": {"_SUCCESS": EMPTY}}),
    ("both", "reviews", {"reviews": {"_SUCCESS": ""}, "catalog": {"_SUCCESS": ""}}),
    ("nothing is expected", "", {}),
    ("both are expected", " catalog , reviews", {d: {"_SUCCESS": ""} for d in
     ("reviews", "catalog")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "delivered"), [r[1:] for r in READY], ids=[r[0] for r in READY]
)
def test_ready(new_context, clock, expected, delivered):
    context = new_context(expected=expected)
    for dataset, files in delivered.items():
        deliver(context, dataset, files)
    for clock.now in (IN_TIME, TOO_LATE):
        must_be_ready(context, DAY)


CLOSED = {"_SUCCESS": ""}
AWAITED = [
    ("nothing came", "reviews", {}, "reviews/date=2026-03-01 does not exist"),
    ("not closed", "reviews", {"reviews": {"f.parquet": "x"}}, "date=2026-03-01 is not closed"),
    ("half", "reviews", {"reviews": {"f.parquet": "x", "_SUCCESS": HALF}}, "has 1 bytes"),
    ("a catalog that has begun", "reviews", {"reviews": CLOSED, "catalog": {}},
     "catalog/date=2026-03-01 is not closed"),
    ("a catalog that was promised", "reviews,catalog", {"reviews": CLOSED},
     "catalog/date=2026-03-01 does not exist"),
    ("other than reviews", "catalog", {"reviews": {}, "catalog": CLOSED},
     "reviews/date=2026-03-01 is not closed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "delivered", "why"), [a[1:] for a in AWAITED], ids=[a[0] for a in AWAITED]
)
@pytest.mark.parametrize(
    ("now", "error", "says"),
    [
        (IN_TIME, NotReady, "waiting until 2026-03-02 08:00 UTC: "),
        (TOO_LATE, InputMissing, "input for 2026-03-01 is missing, its deadline was 2026-03-02"),
    ],
)
def test_awaited_and_then_missing(new_context, clock, expected, delivered, why, now, error, says):
    context, clock.now = new_context(expected=expected), now
    for dataset, files in delivered.items():
        deliver(context, dataset, files)
    with pytest.raises(error) as caught:
        must_be_ready(context, DAY)
    assert str(caught.value).startswith(says)
    assert str(caught.value).count(why) == 1


def test_the_deadline_is_a_setting(new_context, clock):
    clock.now = TOO_LATE
    with pytest.raises(NotReady, match="until 2026-03-02 08:30"):
        must_be_ready(new_context(input_deadline_hours=8.5), DAY)


def test_an_unknown_data_set_cannot_be_expected(new_context):
    context = new_context(expected="reviews,orders,tickets")
    with pytest.raises(SettingsError, match="NIGHTSHELF_EXPECTED: unknown data set orders, tick"):
        must_be_ready(context, DAY)


def test_a_date_is_free_for_one_run(context):
    must_be_free(context, "one", DAY)
    must_be_free(context, "one", DAY)
    with pytest.raises(NotReady, match="run one works on 2026-03-01"):
        must_be_free(context, "other", DAY)
    must_take(context, "one", "date:2026-03-01")
