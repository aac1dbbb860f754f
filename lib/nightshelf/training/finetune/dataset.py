"""Tokens as torch's batches: padded to the longest, and masked where words are to be guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from nightshelf.engine.tokens import Tokens

#: What the loss does not look at.
_NOTHING = -100


class Rows(Dataset[dict[str, object]]):
    """One text a row, with its label if `labels` are given."""

    def __init__(self, tokens: Tokens, labels: Sequence[int] | None = None) -> None:
        self._tokens, self._labels = tokens, labels
        self.lengths = tokens.lengths.tolist()

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, row: int) -> dict[str, object]:
        found: dict[str, object] = {"input_ids": self._tokens[row]}
        return found if self._labels is None else found | {"labels": self._labels[row]}


@dataclass(frozen=True)
class Padding:
    """Makes a batch of rows: `input_ids`, `attention_mask` and `labels`, if there are any."""

    pad: int

    def __call__(self, rows: Sequence[Mapping[str, object]]) -> dict[str, Tensor]:
        ids, mask = self.padded(rows)
        batch = {"input_ids": ids, "attention_mask": mask.long()}
        if "labels" in rows[0]:
            batch["labels"] = torch.tensor([row["labels"] for row in rows])
        return batch

    def padded(self, rows: Sequence[Mapping[str, object]]) -> tuple[Tensor, Tensor]:
        """Ids (rows, tokens), and true where a token is one."""
        tokens: list[NDArray[np.int32]] = [np.asarray(row["input_ids"]) for row in rows]
        lengths = np.array([len(one) for one in tokens])
        seen = np.arange(max(1, lengths.max())) < lengths[:, None]
        padded = np.full(seen.shape, self.pad, np.int64)
        padded[seen] = np.concatenate(tokens)
        return torch.from_numpy(padded), torch.from_numpy(seen)


@dataclass(frozen=True)
class Masking(Padding):
    """
    The same, with a share of the tokens hidden; `labels` are what they were.

    Of those chosen 80 % become `mask`, 10 % any token, 10 % stay, as BERT was trained.
    `special` are never chosen.
    """

    mask: int
    vocabulary: int
    special: frozenset[int]
    share: float = 0.15

    def __call__(self, rows: Sequence[Mapping[str, object]]) -> dict[str, Tensor]:
        ids, seen = self.padded(rows)
        special = torch.isin(ids, torch.tensor(sorted(self.special)))
        chosen = (torch.rand(ids.shape) < self.share) & seen & ~special
        how = torch.rand(ids.shape)
        shown = torch.where(chosen & (how < 0.8), self.mask, ids)
        other = torch.randint(self.vocabulary, ids.shape)
        shown = torch.where(chosen & (how >= 0.9), other, shown)
        labels = torch.where(chosen, ids, _NOTHING)
        return {"input_ids": shown, "attention_mask": seen.long(), "labels": labels}
