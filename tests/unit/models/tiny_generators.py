"""Small random language models for tests, saved as Hugging Face saves them."""

import json

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.contracts.description_rules import DescriptionRuleBook
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.questions.description_content import description_content

_END = {"__type": "AddedToken", "content": "<eos>", "special": True}
SPECIALS = ["<pad>", "<eos>", "<bos>", "<|user|>", "<|bot|>"]
PAD, EOS, BOS = 0, 1, 2
CHAT = (
    "{{ bos_token }}{% for m in messages %}<|user|>{{ m.role }}: {{ m.content }}{{ eos_token }}"
    "{% endfor %}{% if add_generation_prompt %}<|bot|>{% endif %}"
)
#: Window of the models that have one; prompts are longer.
WINDOW = 64
POSITIONS = 1024
_SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": POSITIONS,
}
_NAMED = {"pad_token_id": PAD, "eos_token_id": EOS, "bos_token_id": BOS}
_OWN_SIZES = {
    "GPT2LMHeadModel": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": POSITIONS},
    "GPTNeoXForCausalLM": {**_SIZES, "use_parallel_residual": True},
    "MistralForCausalLM": {**_SIZES, "sliding_window": WINDOW},
    "Phi3ForCausalLM": {**_SIZES, "sliding_window": None},
    "Gemma2ForCausalLM": {**_SIZES, "sliding_window": WINDOW, "query_pre_attn_scalar": 8},
    "Gemma3ForCausalLM": {**_SIZES, "sliding_window": WINDOW, "query_pre_attn_scalar": 8},
}
_SEQ2SEQ_SIZES = {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
_CONFIGS = {"Gemma3ForCausalLM": "Gemma3TextConfig"}

_RULES = DescriptionRuleBook(categories={("厨房",): {"language": "zh"}})
PRODUCTS = [
    ProductFields.of("Kettle", None, "Kitchen", {"volume": "1 l"}),
    ProductFields.of("Tarn Stoneware Mugs, set of 4", "Tarn", None, {"colour": "blue", "set": "4"}),
    ProductFields.of("茶壶", None, "厨房", {"材质": "陶瓷", "容量": "0.8 升"}),
    ProductFields.of(
        "Lamp", "Lumenfold", "Light > Floor", {f"part {n}": "steel" for n in range(9)}
    ),
    ProductFields.of("Bag"),
]


def contents():
    """Requests in English, but for the Chinese product."""
    return [description_content(product, _RULES) for product in PRODUCTS]


def save_tokenizer(folder, *, chat=False, seq2seq=False):
    """Bytes and some merges, trained on what it will read."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([INSTRUCTIONS, *contents()], trainer)
    single = "$A <eos>" if seq2seq else "<bos> $A"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=single, special_tokens=[("<eos>", EOS), ("<bos>", BOS)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"bos_token": "<bos>", "eos_token": _END, "pad_token": "<pad>"}
    if chat:
        config["chat_template"] = CHAT
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return tokenizer.get_vocab_size()


def save_generator(folder, architecture="GPT2LMHeadModel", *, chat=False, seed=1, **changed):
    """Weights from `seed`, larger than usual, so that few logits are alike."""
    folder.mkdir(parents=True, exist_ok=True)
    seq2seq = architecture.endswith("ConditionalGeneration")
    vocabulary = save_tokenizer(folder, chat=chat, seq2seq=seq2seq)
    sizes = _SEQ2SEQ_SIZES if seq2seq else _OWN_SIZES.get(architecture, _SIZES) | changed
    named = {**_NAMED, "decoder_start_token_id": PAD} if seq2seq else _NAMED
    model_class = getattr(transformers, architecture)
    config_class = getattr(
        transformers, _CONFIGS.get(architecture, model_class.config_class.__name__)
    )
    torch.manual_seed(seed)
    module = model_class(config_class(vocab_size=vocabulary, **sizes, **named)).eval()
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if weight.dim() > 1 and "norm" not in name:
                # What is read has to tell in what is written.
                weight.normal_(0, 0.5 if "EncDecAttention" in name else 0.15)
    module.save_pretrained(folder)
    return folder
