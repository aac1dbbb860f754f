import os
import signal

import pytest

from benchmarks.faults.children import Child, in_child, value_of
from nightshelf.errors import NotReady


def test_what_the_work_gives_comes_back_however_long():
    assert in_child(lambda: "x" * 5_000_000).value == "x" * 5_000_000


def test_a_kill_is_a_kill_and_no_clean_up_is_done(tmp_path):
    def work():
        try:
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            (tmp_path / "cleaned").touch()

    assert in_child(work).killed
    assert not (tmp_path / "cleaned").exists()


@pytest.mark.parametrize(
    ("error", "code", "for_people"), [(NotReady("wait"), 14, True), (KeyError("bug"), 1, False)]
)
def test_errors_keep_their_exit_codes_and_words(error, code, for_people):
    def work():
        raise error

    done = in_child(work)
    assert (done.code, done.for_people) == (code, for_people)
    assert str(error) in done.words
    with pytest.raises(RuntimeError, match="the harness's own work failed"):
        value_of(work)


def test_what_hangs_is_ended_and_said():
    done = Child(lambda: signal.pause()).wait(seconds=0.2)
    assert (done.code, done.words) == (1, "it hung for 0.2 seconds")
