"""What chat models add is taken off, and nothing that a product says."""

import pytest
from tests.unit.models.tiny_generators import EOS, save_generator

from nightshelf.models.ending import Ending
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.tidy import ended, tidy

TEXT = "The kettle holds 1 l."


@pytest.mark.parametrize(
    "said",
    [
        TEXT,
        f"  {TEXT}\n",
        f'"{TEXT}"',
        f"“{TEXT}”",
        f"Sure, here is the description:\n\n{TEXT}",
        f"Sure! Here's a product description for you:\n{TEXT}",
        f'Certainly. Here is the text: "{TEXT}"',
        f"Of course!\n\n{TEXT}",
        f"Here is your product description:\n\n```\n{TEXT}\n```",
        f"```text\n{TEXT}\n```",
        f"**Product Description:** {TEXT}",
        f"Description: {TEXT}",
        f"<think>\nIt is a kettle.\n</think>\n\n{TEXT}",
    ],
)
def test_what_is_around_a_text_is_taken_off(said):
    assert tidy(said) == TEXT


@pytest.mark.parametrize(
    "said",
    [
        "“这款茶壶容量为 0.8 升。”",
        "「这款茶壶容量为 0.8 升。」",
        "好的，以下是产品描述：\n\n这款茶壶容量为 0.8 升。",
        "当然可以！这是产品文案：这款茶壶容量为 0.8 升。",
        "产品描述：这款茶壶容量为 0.8 升。",
    ],
)
def test_in_chinese_as_well(said):
    assert tidy(said) == "这款茶壶容量为 0.8 升。"


@pytest.mark.parametrize(
    "text",
    [
        "“Aero” is a kettle. Its colour is “red”",
        "Sure-Grip handle: rubber.",
        "Here is a kettle of 1 l: it boils quickly.",
        "Great mug: it holds 300 ml.",
        "Surely a kettle.",
        "可以折叠：是。",
        "Okaywood table: oak.",
        "Colour: red\nVolume: 1 l",
    ],
)
def test_what_a_product_says_stays(text):
    assert tidy(text) == text


def test_a_thought_that_never_ended_is_no_text():
    assert tidy("<think>It is a kettle") == ""


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (TEXT, None),
        (f"{TEXT}\nIt is red.", None),
        (f"{TEXT}\n\n", TEXT),
        (f"{TEXT}\n \t\nNote: made up", TEXT),
        (f"\n\n{TEXT}", None),
        (f"Sure, here is the description:\n\n{TEXT}", None),
        (f"Sure!\n\nHere is the text:\n\n{TEXT}\n\nEnjoy", f"Sure!\n\nHere is the text:\n\n{TEXT}"),
        ("<think>\n\n</think>\n\n", None),
        ("<think>a\n\nb", None),
    ],
)
def test_a_blank_line_behind_words_ends_a_text(text, before):
    assert ended(text) == before


@pytest.fixture(scope="module")
def ending(tmp_path_factory):
    folder = save_generator(tmp_path_factory.mktemp("model"))
    return Ending(find_generator(GeneratorChoice(generator=f"folder:{folder}")))


@pytest.mark.parametrize(
    ("said", "ends", "text"),
    [
        (TEXT, False, TEXT),
        (f"{TEXT}\n", False, TEXT),
        (f"{TEXT}\n\n", True, TEXT),
        (f"Sure, here is the text:\n\n{TEXT}\n\n", True, TEXT),
        ("茶壶，红色。\n\n", True, "茶壶，红色。"),
    ],
)
def test_a_text_is_done_where_its_tokens_say_so(ending, said, ends, text):
    ids = ending._tokenizer.encode(said, add_special_tokens=False).ids
    reached = [ending.is_reached(ids[:number]) for number in range(1, len(ids) + 1)]
    assert reached == [False] * (len(ids) - 1) + [ends]
    assert ending.text(ids) == text
    assert ending.is_reached([*ids, EOS])
    assert ending.text([*ids, EOS]) == text
