"""Rows of tokens as padded windows on a device."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.models.transfer import NoTransfer, Transfer

#: A batch: ids of each text, as `Tokens` or as lists.
TokenRows = Sequence[Sequence[int] | Ids] | Tokens


class Windows(NamedTuple):
    """
    `ids` (windows, tokens) and `mask`, true where a token is one; None where all of them are.

    `owners` (windows) says to which row each belongs, in order; a row has at least one.
    """

    ids: Tensor
    mask: Tensor | None
    owners: Tensor


def padded_windows(
    batch: TokenRows, window: int | None, pad: int, transfer: Transfer | None = None
) -> Windows:
    """`batch` must not be empty; rows of more than `window` tokens are cut into several."""
    transfer = transfer or NoTransfer()
    parts, owners = _parts(batch, window)
    lengths = np.array([len(tokens) for tokens in parts])
    width = max(1, int(lengths.max()))
    seen = np.arange(width) < lengths[:, None]
    padded = np.full((len(parts), width), pad, np.int64)
    padded[seen] = np.concatenate(parts)
    ids, owner = transfer.there(padded), transfer.there(np.array(owners))
    # Found out here: asking the device would be waiting for it.
    if seen.all():
        return Windows(ids, None, owner)
    places = torch.arange(width, device=transfer.device)
    return Windows(ids, places < transfer.there(lengths)[:, None], owner)


def _parts(batch: TokenRows, window: int | None) -> tuple[list[Sequence[int] | Ids], list[int]]:
    parts: list[Sequence[int] | Ids] = []
    owners = []
    for row, tokens in enumerate(batch):
        step = window or max(1, len(tokens))
        for start in range(0, max(1, len(tokens)), step):
            parts.append(tokens[start : start + step])
            owners.append(row)
    return parts, owners
