import errno
import os

import pytest
import sqlalchemy as sa
from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import JobError, NotReady
from nightshelf.night.broken import in_words


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (
            sa.exc.OperationalError("COMMIT", {}, ConnectionError("closed")),
            "ConnectionError: closed",
        ),
        (CommitFailedException("changed"), "CommitFailedException: changed"),
    ],
)
def test_what_broke_around_a_step_is_told_to_people(cause, words):
    said = rf"step ask was stopped .*{words}.*run the night again"
    with pytest.raises(JobError, match=said), in_words("ask"):
        raise cause


def test_our_own_errors_and_bugs_stay_what_they_are():
    for error in (NotReady("later"), KeyError("bug")):
        with pytest.raises(type(error)), in_words("ask"):
            raise error
