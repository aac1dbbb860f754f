"""What chat models say around a text, taken off; and where a text ends."""

import re

#: Raise it when something else is taken off: it is a part of the model version.
TIDY_VERSION = "1"

_THOUGHT = re.compile(r"\A\s*<think>.*?(</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"\A```\w*[ \t]*\n(.*?)(\n?```)?\Z", re.DOTALL)
_NAMES = r"description|text|copy|描述|文案|介绍|简介|说明"
# "Sure, here is the description:", "好的，以下是产品描述：": each part of it in a turn of its own.
_OPENING = re.compile(
    rf"""\A\s*(?:
      (?:sure(?:\ thing)?|certainly|of\ course|absolutely|okay|ok)(?:[,!.:：]|(?=\s+here\b))
    | here(?:\ is|\ are|['’]s)\b[^\n:：]{{0,120}}\b(?:{_NAMES})\b[^\n:：]{{0,60}}[:：]
    | here(?:\ is|\ are|['’]s)\b[^\n:：]{{0,120}}[:：](?=[ \t]*\n)
    | (?:好的|当然(?:可以)?|没问题)[，,。！!：:]
    | (?:以下|下面|这)是?[^\n:：]{{0,40}}(?:{_NAMES})[^\n:：]{{0,20}}[:：]
    | [*#\ ]*(?:product\ )?(?:产品|商品)?(?:{_NAMES})\**[:：]\**
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTES = (('"', '"'), ("“", "”"), ("「", "」"), ("'", "'"))
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_MOST_LAYERS = 4


def tidy(text: str) -> str:
    """
    The text alone: without thoughts, an opening, a code fence, quotes around all of it.

    >>> tidy('Sure! Here is the description:\\n\\n"A kettle of steel."')
    'A kettle of steel.'
    >>> tidy("“Aero” is a kettle. Its colour is “red”")
    '“Aero” is a kettle. Its colour is “red”'
    >>> tidy("好的，以下是产品描述：这是一个水壶。")
    '这是一个水壶。'
    """
    text = _THOUGHT.sub("", text).strip()
    for _ in range(_MOST_LAYERS):
        before = text
        text = _OPENING.sub("", text).strip()
        if fenced := _FENCE.match(text):
            text = fenced[1].strip()
        text = _unquoted(text)
        if text == before:
            break
    return text


def ended(text: str) -> str | None:
    """
    What stands before the first blank line that ends a text; None where none does.

    >>> ended("Sure, here is the text:\\n\\nA kettle.\\n\\nNote: no price was")
    'Sure, here is the text:\\n\\nA kettle.'
    >>> ended("\\n\\nA kettle.")
    """
    for found in _BLANK_LINE.finditer(text):
        if tidy(text[: found.start()]):
            return text[: found.start()]
    return None


def _unquoted(text: str) -> str:
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if (
            len(text) > 1
            and text.startswith(opening)
            and text.endswith(closing)
            and opening not in inner
            and closing not in inner
        ):
            return inner.strip()
    return text
