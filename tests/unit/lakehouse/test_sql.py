import pytest

from nightshelf.lakehouse import sql

HOSTILE = ["x; drop table y", "a b", "", "A", "x'--", "x.", ".x"]


@pytest.mark.parametrize("identifier", HOSTILE)
def test_only_plain_identifiers_enter_sql(identifier):
    with pytest.raises(ValueError, match="not a table"):
        sql.name(identifier)


@pytest.mark.parametrize("day", ["2026-3-1", "2026-03-01' OR 1=1", ""])
def test_only_dates_enter_sql_as_dates(day):
    with pytest.raises(ValueError, match="not a date"):
        sql.dates([day])


@pytest.mark.parametrize("version", ["", "m1", "0123456789ABCDEF", "0123456789abcdef'"])
def test_only_model_versions_enter_sql_as_such(version):
    with pytest.raises(ValueError, match="not a model version"):
        sql.answer_key(version)
