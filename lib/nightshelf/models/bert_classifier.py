"""BERT with a head on its pooled first token, on torch alone."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from nightshelf.errors import ModelError
from nightshelf.models.bert import Bert, plain_linear


class BertClassifier:
    """The logits of BERT's pooled first token; checked against transformers' to 1e-5 in fp32."""

    def __init__(
        self, config: Mapping[str, Any], weights: Mapping[str, Tensor], dtype: torch.dtype
    ) -> None:
        """`weights` by their names in a checkpoint; raise `ModelError` if some are missing."""
        self._bert = Bert(config, weights, dtype)
        try:
            self._pooled, self._logits = (
                plain_linear(weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype))
                for name in ("bert.pooler.dense", "classifier")
            )
        except KeyError as missing:
            raise ModelError(f"BERT's weights lack {missing.args[0]}") from None
        self.width = len(weights["classifier.bias"])

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """`ids` and `mask` as `windows.Windows` has them: (rows, labels)."""
        first = self._bert(ids, mask)[:, 0]
        return self._logits(torch.tanh(self._pooled(first)))
