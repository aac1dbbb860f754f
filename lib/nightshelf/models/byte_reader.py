"""Texts for models without a tokenizer: a token is a byte of UTF-8."""

from collections.abc import Sequence

import numpy as np

from nightshelf.engine.tokens import Ids, Tokens


class ByteReader:
    """
    Reads texts whole: whoever writes about a product has to see all of it.

    Which tokens a model elsewhere makes of a text, only its server knows.
    """

    def prepare(self, texts: Sequence[str]) -> Tokens:
        return Tokens.from_rows([np.frombuffer(text.encode(), np.uint8) for text in texts])


def text_of(ids: Ids) -> str:
    """
    >>> text_of(ByteReader().prepare(["2 l, 茶壶"])[0])
    '2 l, 茶壶'
    """
    return ids.astype(np.uint8).tobytes().decode()
