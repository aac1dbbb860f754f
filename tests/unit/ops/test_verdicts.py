from datetime import UTC, datetime

import pytest

from nightshelf.ops.database import open_ops
from nightshelf.ops.verdicts import Verdict, newest_verdict, write_verdict

BOTH = {"embedding": "e1", "sentiment": "s1"}


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def verdict(models=BOTH, day=1, refusals=()):
    return Verdict(
        models=models,
        precision="int8",
        texts=1000,
        mean_cosine=0.999,
        low_cosine=0.99,
        flips=0.001,
        refusals=list(refusals),
        measured_at=datetime(2026, 3, day, 1, tzinfo=UTC),
    )


def test_what_was_written_is_read(ops):
    written = verdict(refusals=["too far off"])
    write_verdict(ops, written)
    found = newest_verdict(ops, dict(reversed(BOTH.items())))
    assert found.measured_at.replace(tzinfo=UTC) == written.measured_at
    assert vars(found) | {"measured_at": None} == vars(written) | {"measured_at": None}


@pytest.mark.parametrize(
    ("models", "found"),
    [
        (BOTH, True),
        ({**BOTH, "sentiment": "s2"}, False),
        ({**BOTH, "embedding": "e2"}, False),
        ({"embedding": "e1"}, False),
        ({**BOTH, "urgency": "u1"}, False),
    ],
)
def test_a_verdict_holds_for_exactly_its_models(ops, models, found):
    write_verdict(ops, verdict())
    assert (newest_verdict(ops, models) is not None) == found


@pytest.mark.parametrize("order", [([], ["off"]), (["off"], [])])
def test_the_verdict_that_was_written_last_stands(ops, order):
    # Days run backwards: a clock that was set does not bring an old verdict back.
    for day, refusals in zip((2, 1), order, strict=True):
        write_verdict(ops, verdict(day=day, refusals=refusals))
    assert newest_verdict(ops, BOTH).refusals == order[-1]
