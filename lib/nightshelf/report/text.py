"""Other people's strings, made harmless for whoever looks at them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nightshelf.ops.times import in_utc

#: Controls, what turns the direction of writing, what has no width, what is no character at all.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_PLAIN = re.compile(r"[\x20-\x7e]*")
#: A name is no longer than this, and an error not longer than that.
NAME, SENTENCE = 200, 2_000


def visible(text: str) -> str:
    r"""
    The text with each character that cannot be seen written out, so that nothing acts by it.

    >>> visible("a\u202ecod.exe"), visible("\x1b[2J"), visible("naïve 猫")
    ('a⟨U+202E⟩cod.exe', '⟨U+001B⟩[2J', 'naïve 猫')
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_shown(one) for one in text)


def _shown(character: str) -> str:
    unseen = unicodedata.category(character) in _UNSEEN
    return f"⟨U+{ord(character):04X}⟩" if unseen else character


def short(text: str, most: int = NAME) -> str:
    """
    >>> short("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def parameters(identity: Mapping[str, Any]) -> dict[str, str]:
    """What a model version is made of; digests and prompts by what they begin with."""
    return {short(str(name)): _cut(str(value)) for name, value in identity.items()}


def _cut(text: str) -> str:
    if re.fullmatch(r"[0-9a-f]{64}", text):
        return f"{text[:12]}…"
    return short(" ".join(text.split()), 100)


def iso(time: datetime | None) -> str | None:
    """In UTC."""
    return None if time is None else in_utc(time).isoformat(timespec="seconds")
