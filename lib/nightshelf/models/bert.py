"""BERT on torch alone: importing transformers costs more CPU than a thousand reviews."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from nightshelf.errors import ModelError

ARCHITECTURES = ("BertModel", "BertForMaskedLM", "BertForPreTraining")
CLASSIFIER = "BertForSequenceClassification"
_LINEARS = ("qkv", "attention.output.dense", "intermediate.dense", "output.dense")
_PARTS_OF_A_LAYER = {
    f"{part}.{kind}"
    for part in (*_LINEARS, "attention.output.LayerNorm", "output.LayerNorm")
    for kind in ("weight", "bias")
}

Linear = Callable[[Tensor], Tensor]
#: Takes weight (out, in) and bias, gives what multiplies by them.
MakeLinear = Callable[[Tensor, Tensor], Linear]


def plain_linear(weight: Tensor, bias: Tensor) -> Linear:
    return partial(functional.linear, weight=weight, bias=bias)


def is_ours(config: Mapping[str, Any]) -> bool:
    """Whether `Bert` computes what this configuration describes."""
    return (
        (config.get("architectures") or [""])[0] in (*ARCHITECTURES, CLASSIFIER)
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
    )


class Bert:
    """The hidden states of BERT's last layer; checked against transformers' to 1e-5 in fp32."""

    def __init__(
        self,
        config: Mapping[str, Any],
        weights: Mapping[str, Tensor],
        dtype: torch.dtype,
        linear: MakeLinear = plain_linear,
    ) -> None:
        """`weights` by their names in a checkpoint; raise `ModelError` if some are missing."""
        self._eps = float(config.get("layer_norm_eps", 1e-12))
        self._heads = int(config["num_attention_heads"])
        named = {_short(name): tensor for name, tensor in weights.items()}
        try:
            embeddings = _part(named, "embeddings.")
            # One text, one segment: its embedding is the same everywhere, so it joins positions.
            positions = embeddings["position_embeddings.weight"]
            self._positions = (positions + embeddings["token_type_embeddings.weight"][0]).to(dtype)
            self._words = embeddings["word_embeddings.weight"].to(dtype)
            self.width = int(self._words.shape[1])
            self._norm = _cast(_part(embeddings, "LayerNorm."), dtype)
            self._layers = [
                _fused(_cast(_part(named, f"encoder.layer.{number}."), dtype))
                for number in range(int(config["num_hidden_layers"]))
            ]
        except KeyError as missing:
            raise ModelError(f"BERT's weights lack {missing.args[0]}") from None
        self._linears = [
            {n: linear(layer.pop(f"{n}.weight"), layer.pop(f"{n}.bias")) for n in _LINEARS}
            for layer in self._layers
        ]

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """`ids` and `mask` as `windows.Windows` has them: (rows, tokens, width)."""
        hidden = functional.embedding(ids, self._words) + self._positions[: ids.shape[1]]
        hidden = self._normed(hidden, self._norm, "")
        # Without padding attention needs no mask, and is faster.
        seen = None if mask is None else mask[:, None, None, :]
        for layer, linears in zip(self._layers, self._linears, strict=True):
            hidden = self._normed(
                hidden + self._attended(hidden, linears, seen), layer, "attention.output.LayerNorm."
            )
            inner = functional.gelu(linears["intermediate.dense"](hidden))
            hidden = self._normed(
                hidden + linears["output.dense"](inner), layer, "output.LayerNorm."
            )
        return hidden

    def _attended(
        self, hidden: Tensor, linears: Mapping[str, Linear], seen: Tensor | None
    ) -> Tensor:
        rows, tokens, width = hidden.shape
        three = linears["qkv"](hidden).view(rows, tokens, 3, self._heads, -1)
        query, key, value = three.permute(2, 0, 3, 1, 4)
        heads = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        joined = heads.transpose(1, 2).reshape(rows, tokens, width)
        return linears["attention.output.dense"](joined)

    def _normed(self, hidden: Tensor, weights: Mapping[str, Tensor], prefix: str) -> Tensor:
        return functional.layer_norm(
            hidden,
            hidden.shape[-1:],
            weights[f"{prefix}weight"],
            weights[f"{prefix}bias"],
            self._eps,
        )


def _short(name: str) -> str:
    # Old checkpoints call the norms' weights gamma and beta.
    short = name.removeprefix("bert.")
    return short.replace("LayerNorm.gamma", "LayerNorm.weight").replace(
        "LayerNorm.beta", "LayerNorm.bias"
    )


def _part(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    part = {n.removeprefix(prefix): t for n, t in weights.items() if n.startswith(prefix)}
    if not part:
        raise KeyError(prefix + "*")
    return part


def _cast(weights: Mapping[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    return {name: tensor.to(dtype) for name, tensor in weights.items()}


def _fused(layer: dict[str, Tensor]) -> dict[str, Tensor]:
    """One multiplication makes query, key and value."""
    for kind in ("weight", "bias"):
        parts = [layer.pop(f"attention.self.{name}.{kind}") for name in ("query", "key", "value")]
        layer[f"qkv.{kind}"] = torch.cat(parts)
    for missing in _PARTS_OF_A_LAYER - layer.keys():
        raise KeyError(missing)
    return layer
