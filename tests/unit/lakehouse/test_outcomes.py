import pytest

from nightshelf.lakehouse import asked, causes, outcomes
from nightshelf.lakehouse.causes import Asking

VERSION = "0123456789abcdef"


@pytest.mark.parametrize("word", ["x; drop table y", "A", "x'--"])
@pytest.mark.parametrize(
    "select",
    [
        lambda word: outcomes.left_out(word, "q"),
        lambda word: outcomes.left_out("r", word),
        lambda word: outcomes.deferred_before(word, ["s"]),
        lambda word: outcomes.coverage(word, "id", "s", None),
        lambda word: outcomes.coverage("lane", word, "s", None),
        lambda word: causes.count_causes(word, VERSION, [Asking("v", "id", "s")], []),
        lambda word: causes.count_causes("q", VERSION, [Asking(word, "id", "s")], []),
        lambda word: causes.count_causes("q", word, [Asking("v", "id", "s")], []),
        lambda word: causes.count_causes("q", VERSION, [Asking("v", "id", "s")], [word]),
        lambda word: asked.asked_keys(word, ["v"]),
        lambda word: asked.asked_keys(VERSION, [word]),
        lambda word: asked.count_asked({word: "k"}),
        lambda word: asked.count_settled({word: ("k", "s")}),
    ],
)
def test_only_plain_words_enter_sql(select, word):
    with pytest.raises(ValueError, match="not a"):
        select(word)
