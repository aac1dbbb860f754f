"""An encoder-decoder language model, token by token, for a padded batch of rows."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import EncoderDecoderCache
from transformers.modeling_outputs import BaseModelOutput

from nightshelf.engine.tokens import Ids
from nightshelf.models.key_values import RoomyCache, moves_of


class Seq2SeqNetwork:
    """`start` is the token before the first that it writes. No prefix: it reads both ways."""

    def __init__(self, module: Any, start: int, device: torch.device) -> None:  # noqa: ANN401  a class that transformers chooses
        self._module, self._start, self._device = module, start, device

    def start(self, prompts: Sequence[Ids], room: int) -> "Seq2SeqBatch":
        """Whole prompts, each at least one token; `room` for so many more."""
        return Seq2SeqBatch(self._module, self._start, prompts, self._device, room)


class Seq2SeqBatch:
    """Rows under way; `logits` (rows, vocabulary) are those of each row's next token, fp32."""

    def __init__(
        self,
        module: Any,  # noqa: ANN401
        start: int,
        prompts: Sequence[Ids],
        device: torch.device,
        room: int,
    ) -> None:
        self._module, self._device = module, device
        longest = max(map(len, prompts))
        ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        mask = torch.zeros(len(prompts), longest, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.from_numpy(prompt.astype("int64"))
            mask[row, : len(prompt)] = 1
        self._mask = mask.to(device)
        encoder = module.get_encoder()
        self._hidden: Tensor = encoder(
            input_ids=ids.to(device), attention_mask=self._mask
        ).last_hidden_state
        layers = int(module.config.num_decoder_layers)
        self._own, self._read = (RoomyCache(layers, many, device) for many in (room, longest))
        self._cache = EncoderDecoderCache(self._own, self._read)
        self.logits = self._run([start] * len(prompts))

    def step(self, tokens: Sequence[int]) -> None:
        """One token more for each row that is left."""
        self.logits = self._run(tokens)

    def keep(self, kept: Sequence[int]) -> list[int]:
        """Drop all other rows; the places that those that stay had before, in their new order."""
        order, moves = moves_of(kept)
        self._own.keep(moves, len(kept))
        self._read.keep(moves, len(kept))
        # The hidden states are spent: keys and values were made of them. Their shape is looked at.
        self._mask, self._hidden = self._mask[order], self._hidden[: len(kept)]
        return order

    def _run(self, tokens: Sequence[int]) -> Tensor:
        logits: Tensor = self._module(
            encoder_outputs=BaseModelOutput(last_hidden_state=self._hidden),
            attention_mask=self._mask,
            decoder_input_ids=torch.tensor(tokens, device=self._device)[:, None],
            past_key_values=self._cache,
            use_cache=True,
        ).logits
        return logits[:, -1].float()
