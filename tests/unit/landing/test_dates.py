from datetime import date

import pytest

from nightshelf.errors import ContractError
from nightshelf.landing.dates import parse_date
from nightshelf.landing.folders import date_folder, date_folders


@pytest.mark.parametrize("text", ["2000-01-01", "2026-02-03", "2028-02-29", "2199-12-31"])
def test_a_day_of_the_calendar_is_read(text):
    assert parse_date(text).isoformat() == text


@pytest.mark.parametrize(
    "text",
    ["", "2026-2-3", "20260203", "2026-02-30", " 2026-02-03", "2026-02-03 ", "2026-02-03\n",
     "2026-02-03T00:00", "2026-W06-2", "1999-12-31", "2200-01-01", "2027-02-29", "03.02.2026",
     "\uff12\uff10\uff12\uff16-02-03", "today"],
)  # fmt: skip
def test_anything_else_is_refused_and_says_what_to_write(text):
    with pytest.raises(ContractError, match="YYYY-MM-DD"):
        parse_date(text)


def test_folders_of_dates_are_found_in_order_and_others_are_not(tmp_path):
    for name in (
        "date=2026-02-04",
        "date=2026-02-03",
        "date=2026-2-5",
        "other",
        ".date=2026-02-06",
    ):
        (tmp_path / "reviews" / name).mkdir(parents=True)
    (tmp_path / "reviews" / "date=2026-02-07").write_text("a file")
    assert [day for day, _ in date_folders(tmp_path, "reviews")] == ["2026-02-03", "2026-02-04"]
    assert list(date_folders(tmp_path, "catalog")) == []
    folder = date_folder(tmp_path, "reviews", date(2026, 2, 3))
    assert folder == tmp_path / "reviews" / "date=2026-02-03"
