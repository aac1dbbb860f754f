"""How long a batch may take before its host is taken for hung."""

import pytest

from nightshelf.engine.tokens import Tokens
from nightshelf.host.pace import Pace


def batch(rows, tokens):
    return Tokens.from_rows([[1] * tokens] * rows)


@pytest.mark.parametrize(
    ("written", "learned", "asked", "seconds"),
    [
        (0, None, (1, 50), 2.0),
        (0, None, (16, 125), 40.0),
        (0, ((10, 100), 10.0), (1, 100), 10.0),
        # A row that is written counts what it may write, and has time for each token.
        (200, None, (1, 50), 100.0),
        (200, None, (50, 50), 2500.0),
        (200, ((10, 100), 3.0), (1, 100), 100.0),
        (200, ((10, 100), 300.0), (5, 100), 1500.0),
    ],
)
def test_a_deadline_follows_what_a_batch_may_write(written, learned, asked, seconds):
    pace = Pace(written)
    if learned:
        pace.learn(batch(*learned[0]), learned[1])
    assert pace.deadline(batch(*asked)) == pytest.approx(seconds)
