"""A language model of GPT-2's kind with random weights: what it costs, not what it says."""

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

_END = "<|endoftext|>"
_LAYERS, _WIDTH, _HEADS, _POSITIONS, _VOCABULARY = 6, 384, 6, 1024, 8_000
_SEED = 11


def make_model(texts: Sequence[str], folder: Path) -> str:
    """
    The place of a model that was saved in `folder`, always the same for the same texts.

    Its tokenizer is trained on the texts, so that they are about as many tokens as real ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=[_END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"eos_token": _END}))
    torch.manual_seed(_SEED)
    config = GPT2Config(
        # As many logits whatever the texts have left of it.
        vocab_size=_VOCABULARY,
        n_positions=_POSITIONS,
        n_embd=_WIDTH,
        n_layer=_LAYERS,
        n_head=_HEADS,
        bos_token_id=0,
        eos_token_id=0,
    )
    GPT2LMHeadModel(config).eval().save_pretrained(folder)
    return f"folder:{folder}"
