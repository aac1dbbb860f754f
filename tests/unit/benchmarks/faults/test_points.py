"""Every failpoint stands at a function that is there; each of its calls can be picked."""

import sys
import types

import pytest

from benchmarks.faults import points
from benchmarks.faults.children import in_child
from benchmarks.faults.points import PLACES, Failpoint, Place, arm


@pytest.mark.parametrize("place", PLACES)
def test_the_place_is_there(place):
    # In a child, so that nothing stays armed here.
    done = in_child(lambda: arm(Failpoint(place, "before"), lambda: None))
    assert done.code == 0, done.words


def test_a_place_that_has_gone_is_an_error(monkeypatch):
    gone = {"x": Place("ask", "nightshelf.ops.runs", "close_the_wave")}
    monkeypatch.setattr(points, "PLACES", gone)
    with pytest.raises(LookupError, match=r"there is no nightshelf\.ops\.runs\.close_the_wave"):
        arm(Failpoint("x", "before"), lambda: None)


@pytest.mark.parametrize(
    ("moment", "occurrence", "expected"),
    [
        ("before", 1, ["!", "a", "b", "c"]),
        ("after", 1, ["a", "!", "b", "c"]),
        ("after", 2, ["a", "b", "c", "!"]),
        ("before", 3, ["a", "b", "c"]),
    ],
)
def test_it_happens_at_the_call_that_was_named(monkeypatch, moment, occurrence, expected):
    happened = []
    module = types.ModuleType("a_module")
    module.do = lambda **given: happened.append(next(iter(given.values())))
    monkeypatch.setitem(sys.modules, "a_module", module)
    place = Place("ask", "a_module", "do", having="wanted", most=2)
    monkeypatch.setattr(points, "PLACES", {"x": place})
    arm(Failpoint("x", moment, occurrence), lambda: happened.append("!"))
    module.do(wanted="a")
    module.do(other="b")
    module.do(wanted="c")
    assert happened == expected
