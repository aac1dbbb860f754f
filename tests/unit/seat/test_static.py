"""The page's own files: what a browser would be let do by them."""

import re
from importlib.resources import files

import pytest

STATIC = {
    one.name: one.read_text() for one in files("nightshelf.seat").joinpath("static").iterdir()
}
SCRIPTS = sorted(name for name in STATIC if name.endswith(".js"))
#: Ways in which a text could become markup or code, or leave the machine.
WAYS = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|dangerouslySet|document\.write|\beval\b|new Function"
    r"|setTimeout\(['\"`]|(?<!-)\bstyle:|https?://|localStorage|window\.open"
)


@pytest.mark.parametrize("name", sorted(STATIC))
def test_text_stays_text_and_nothing_is_loaded_from_elsewhere(name):
    assert WAYS.findall(STATIC[name]) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_file_fits_in_one_reading_and_says_what_it_is_for(name):
    assert len(STATIC[name].splitlines()) <= 150
    assert STATIC[name].startswith("// ")


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_it_imports_is_there(name):
    for names, source in re.findall(r'import \{([^}]+)\} from "\./([^"]+)"', STATIC[name]):
        for one in names.split(","):
            what = rf"export (async )?(function|const|class) {one.strip()}\b"
            assert re.search(what, STATIC[source]), f"{source} has no {one}"


def test_every_state_of_the_read_model_has_a_word_and_a_mark():
    from nightshelf.ops.runs import ENDED, RUNNING
    from nightshelf.seat.calendar import MISSING, NONE, STOPPED

    for state in (*ENDED, RUNNING, MISSING, NONE, STOPPED):
        assert re.search(rf"^  {state}: \{{ mark:", STATIC["words.js"], re.MULTILINE), state
