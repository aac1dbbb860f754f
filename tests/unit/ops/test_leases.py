import pytest

from nightshelf.ops import leases
from nightshelf.ops.database import open_ops
from nightshelf.ops.leases import Claim


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def take(ops, owner, *, now, seconds=10.0, process=""):
    return leases.acquire(ops, "date:D", Claim(owner, process), now=now, seconds=seconds)


@pytest.mark.parametrize(
    ("owner", "now", "holder"),
    [
        pytest.param("a", 5.0, None, id="renewed by its owner"),
        pytest.param("b", 5.0, "a", id="refused while it lasts"),
        pytest.param("b", 10.5, None, id="free once it has run out"),
        pytest.param("a", 10.5, None, id="taken up again by its owner"),
    ],
)
def test_a_lease_has_one_owner(ops, owner, now, holder):
    assert take(ops, "a", now=0.0) is None
    assert take(ops, owner, now=now) == holder


def test_renewing_moves_its_end(ops):
    take(ops, "a", now=0.0)
    take(ops, "a", now=8.0)
    assert take(ops, "b", now=15.0) == "a"


@pytest.mark.parametrize(("owner", "free"), [("a", True), ("b", False)])
def test_only_the_owner_gives_back(ops, owner, free):
    take(ops, "a", now=0.0)
    leases.release(ops, "date:D", owner=owner)
    assert (take(ops, "c", now=1.0) is None) == free


@pytest.mark.parametrize(("process", "free"), [("h:1:2", True), ("h:9:9", False)])
def test_only_the_lease_of_that_process_is_broken(ops, process, free):
    take(ops, "a", now=0.0, process="h:1:2")
    assert leases.holder_process(ops, "date:D") == "h:1:2"
    leases.break_lease(ops, "date:D", process=process)
    assert (take(ops, "c", now=1.0) is None) == free
