import pytest

from nightshelf.privacy.english import is_english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Great mug, it keeps my tea warm and looks good.", True),
        ("Meh", True),
        ("5 stars!!! 👍", True),
        ("", True),
        ("Bought these mugs last year, sturdy, dishwasher safe", True),
        ("Die Tasse ist sehr schön und kam schnell an", False),
        ("La tasse est arrivée cassée, je suis très déçue", False),
        ("El producto llegó roto y nadie contesta", False),
        ("杯子很好看，孩子很喜欢", False),
        ("Great mug 杯子很好看，孩子很喜欢，物流也很快", False),
        ("Кружка пришла разбитой, очень жаль", False),
    ],
)
def test_languages_are_told_apart(text, english):
    assert is_english(text) is english
