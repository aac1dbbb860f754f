import psutil
import pytest

from nightshelf.night.submit import MARK, end_jobs, job_mark
from nightshelf.settings import Settings

DATE = "2026-03-01"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


def lives(process):
    try:
        return psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def marks(settings):
    """Whose jobs they are, and their mark."""
    return {
        "ours": job_mark(settings, DATE, "host:1:1.0"),
        "an earlier attempt's": job_mark(settings, DATE, "host:2:2.0"),
        "another date's": job_mark(settings, "2026-03-11", "host:1:1.0"),
        "another home's": job_mark(Settings(home=settings.home / "2"), DATE, "host:1:1.0"),
    }


@pytest.mark.parametrize(
    ("owner", "gone"),
    [
        pytest.param("", {"ours", "an earlier attempt's"}, id="all of a date"),
        pytest.param("host:1:1.0", {"ours"}, id="our own"),
        pytest.param("host:3:3.0", set(), id="none"),
    ],
)
def test_only_marked_processes_are_ended(settings, sleeper, owner, gone):
    started = {whose: sleeper(**{MARK: mark}) for whose, mark in marks(settings).items()}
    started["nobody's"] = sleeper()
    assert end_jobs(job_mark(settings, DATE, owner)) == len(gone)
    assert {whose for whose, process in started.items() if not lives(process)} == gone
    assert end_jobs(job_mark(settings, DATE, owner)) == 0
