"""A decoder-only language model, token by token, for a padded batch of rows."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from nightshelf.engine.tokens import Ids
from nightshelf.models.key_values import RoomyCache, moves_of


class CausalNetwork:
    """`prefix` is what every prompt begins with; its keys and values are computed here, once."""

    def __init__(self, module: Any, prefix: Sequence[int], device: torch.device) -> None:  # noqa: ANN401  a class that transformers chooses
        self._module = module
        self._device = device
        self._layers = int(module.config.num_hidden_layers)
        self._prefix = RoomyCache(self._layers, len(prefix), device)
        self._places = len(prefix)
        if prefix:
            with torch.inference_mode():
                ids = torch.tensor([list(prefix)], device=device)
                module(input_ids=ids, past_key_values=self._prefix, logits_to_keep=1)

    def start(self, prompts: Sequence[Ids], room: int) -> "CausalBatch":
        """Prompts without the prefix, each at least one token; `room` for so many more."""
        longest = max(map(len, prompts))
        cache = RoomyCache(self._layers, self._places + longest + room, self._device)
        if self._places:
            cache.begin_with(self._prefix, len(prompts))
        return CausalBatch(self._module, cache, self._places, prompts, room)


class CausalBatch:
    """Rows under way; `logits` (rows, vocabulary) are those of each row's next token, fp32."""

    def __init__(
        self,
        module: Any,  # noqa: ANN401
        cache: RoomyCache,
        prefix: int,
        prompts: Sequence[Ids],
        room: int,
    ) -> None:
        self._module, self._cache = module, cache
        self._device = device = cache.device
        lengths = [len(ids) for ids in prompts]
        longest = max(lengths)
        # Padded on the left, between the prefix and the row's own: what is written comes behind
        # all rows at the same place.
        ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        mask = torch.ones(len(prompts), prefix + longest + room, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, longest - len(prompt) :] = torch.from_numpy(prompt.astype("int64"))
            mask[row, prefix : prefix + longest - len(prompt)] = 0
        self._mask = mask.to(device)
        self._places = prefix + longest
        self._next = torch.tensor(lengths, device=device) + prefix
        # Positions count a row's own tokens; those of padding are never looked at.
        own = torch.arange(longest) + (torch.tensor(lengths)[:, None] - longest)
        self.logits = self._run(ids.to(device), (own.clamp(min=0) + prefix).to(device))

    def step(self, tokens: Sequence[int]) -> None:
        """One token more for each row that is left."""
        ids = torch.tensor(tokens, device=self._device)[:, None]
        self._places += 1
        self.logits = self._run(ids, self._next[:, None])
        self._next = self._next + 1

    def keep(self, kept: Sequence[int]) -> list[int]:
        """Drop all other rows; the places that those that stay had before, in their new order."""
        order, moves = moves_of(kept)
        self._cache.keep(moves, len(kept))
        self._mask, self._next = self._mask[order], self._next[order]
        return order

    def _run(self, ids: Tensor, positions: Tensor) -> Tensor:
        logits: Tensor = self._module(
            input_ids=ids,
            attention_mask=self._mask[:, : self._places],
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits
        return logits[:, -1].float()
