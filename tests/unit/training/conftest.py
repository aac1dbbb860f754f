import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from nightshelf.training.finetune.recipe import Recipe
from nightshelf.training.prepare.prepared import prepare
from nightshelf.training.prepare.reading import Review

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TELLING = {1: "awful torn cheap", 3: "okay average fair", 5: "lovely perfect great"}
FILLING = [f"w{number}" for number in range(40)]
WORDS = [*SPECIAL, *" ".join(TELLING.values()).split(), *FILLING]


def save_tokenizer(folder, words=WORDS):
    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    named = {f"{name[1:-1].lower()}_token": name for name in SPECIAL if name in words}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named).save_pretrained(folder)


def make_base(folder):
    """A tiny encoder that has learned nothing."""
    torch.manual_seed(3)
    sizes = {"hidden_size": 32, "num_attention_heads": 2, "num_hidden_layers": 2}
    quick = {"initializer_range": 0.2, "hidden_dropout_prob": 0.02}
    sizes |= {"vocab_size": len(WORDS), "intermediate_size": 64, "max_position_embeddings": 24}
    config = BertConfig(**sizes, **quick)
    BertModel(config).save_pretrained(folder)
    save_tokenizer(folder)
    return folder


def make_recipe(folder, **changed):
    quick = {"rows_a_step": 16, "epochs": 2, "rate": 4e-3, "frozen_layers": -1}
    return Recipe(base=f"folder:{folder}", max_tokens=16, **quick | changed)


@pytest.fixture
def base(tmp_path):
    return make_base(tmp_path / "base")


@pytest.fixture
def recipe(base):
    return make_recipe(base)


def reviews(count, products=40):
    """Reviews whose stars can be read off one of their words."""
    made = []
    for row in range(count):
        stars = (1, 3, 5)[row % 3]
        word = TELLING[stars].split()[(row // 3) % 3]
        rest = [FILLING[(row * step + step) % 40] for step in (1, 3, 7, 11)]
        made.append(
            Review(
                title=word,
                body=" ".join(rest),
                rating=float(stars),
                product_id=f"P{row % products}",
                category=f"C{row % 2}",
            )
        )
    return made


@pytest.fixture
def prepared():
    return prepare(reviews(300))


@pytest.fixture
def said():
    return []


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Sums are the same each time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
