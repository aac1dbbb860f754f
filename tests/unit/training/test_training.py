from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightshelf.errors import ContractError
from nightshelf.models.sentiment_head import FILE, read_head
from nightshelf.training.head_fit import Recipe, fit_head
from nightshelf.training.labelled_texts import LabelledText, read_clothing, read_uci
from nightshelf.training.scores import Score, score
from nightshelf.training.sentiment_head import RECIPES, embed, train

TOWARDS = np.eye(4, dtype=np.float32)
"""Embeddings that point where the label says."""
QUICK = Recipe(hidden=8, dropout=0.0, epochs=20, rows_a_step=64, rate=2e-2)


def made_up(count):
    """Labels that can be read off the embeddings, and texts of both sources."""
    labels = np.arange(count) % 3
    noise = np.random.default_rng(1).normal(0, 0.05, (count, 4)).astype(np.float32)
    texts = [
        LabelledText(
            "uci" if row % 5 == 0 and label != 1 else "clothing", f"text {row}", int(label)
        )
        for row, label in enumerate(labels)
    ]
    return texts, labels, TOWARDS[labels] + noise


@pytest.mark.parametrize(
    ("expected", "given", "accuracy", "macro_f1"),
    [
        ([0, 1, 2], [0, 1, 2], 1, 1),
        ([0, 1, 2], [1, 2, 0], 0, 0),
        ([0, 0, 0, 1], [0, 0, 0, 0], 0.75, (6 / 7 + 0) / 2),
        ([0, 2], [1, 2], 0.5, 0.5),
    ],
)
def test_score(expected, given, accuracy, macro_f1):
    measured = score(np.array(expected), np.array(given))
    assert measured == Score(len(expected), accuracy, pytest.approx(macro_f1))


def test_stars_and_hands_become_labels(tmp_path):
    stars = {"title": ["T", None, "", "x", "y"], "text": list("abcde"), "rating": [1, 2, 3, 4, 5]}
    pq.write_table(pa.table(stars), tmp_path / "stars")
    pq.write_table(pa.table({"text": ["a", "b"], "label": [0, 1]}), tmp_path / "hands")
    clothing, uci = read_clothing(tmp_path / "stars"), read_uci(tmp_path / "hands")
    assert [(text.text, text.label) for text in clothing] == [
        *(("T. a", 0), ("b", 0), ("c", 1), ("x. d", 2), ("y. e", 2))
    ]
    assert [(text.source, text.text, text.label) for text in uci] == [
        ("uci", "a", 0),
        ("uci", "b", 2),
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": ["a"]}, "label"),
        ({"text": ["a"], "label": [5]}, r"label is 5, not one of \[0, 1\]"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, columns, message):
    pq.write_table(pa.table(columns), tmp_path / "file")
    with pytest.raises(ContractError, match=message):
        read_uci(tmp_path / "file")


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "file").write_text("no")
    with pytest.raises(ContractError, match="not Parquet"):
        read_uci(tmp_path / "file")


def test_the_same_words_lie_on_one_side():
    texts = [LabelledText("x", f"This is Text {n}!", 0) for n in range(2000)]
    assert [replace(t, text=t.text.lower().rstrip("!")).part for t in texts] == [
        t.part for t in texts
    ]
    shares = {part: sum(t.part == part for t in texts) / 2000 for part in ("train", "test")}
    assert shares == {"train": pytest.approx(0.7, abs=0.04), "test": pytest.approx(0.15, abs=0.03)}


def test_fitting_is_repeatable():
    _, labels, embeddings = made_up(90)
    first, again = (fit_head(embeddings, labels, QUICK) for _ in range(2))
    other = fit_head(embeddings, labels, replace(QUICK, seed=2))
    assert all((first[name] == again[name]).all() for name in first)
    assert not (first["hidden_weight"] == other["hidden_weight"]).any()


def test_rare_classes_weigh_more_with_balance():
    labels = np.array([0] * 5 + [2] * 95)
    embeddings = np.tile(TOWARDS[3], (100, 1))
    negative = {}
    for balance in (0.0, 1.0):
        tensors = fit_head(embeddings, labels, replace(QUICK, balance=balance, epochs=40))
        hidden = np.maximum(TOWARDS[3] @ tensors["hidden_weight"] + tensors["hidden_bias"], 0)
        scores = np.exp(hidden @ tensors["output_weight"] + tensors["output_bias"])
        negative[balance] = scores[0] / scores.sum()
    assert negative[0.0] < 0.15
    assert negative[1.0] > 0.35


def test_the_best_recipe_ships_with_its_card(tmp_path):
    texts, labels, embeddings = made_up(300)
    hopeless = replace(QUICK, epochs=0)
    train(texts, embeddings, [hopeless, QUICK, hopeless], {"encoder_sha256": "ab" * 32}, tmp_path)
    head = read_head(tmp_path / FILE)
    assert head.encoder_sha256 == "ab" * 32
    assert head.hidden_bias.shape == (8,)
    assert score(labels, np.array(head.answer(embeddings)).argmax(axis=1)).accuracy == 1
    first = (tmp_path / FILE).read_bytes()
    train(texts, embeddings, [hopeless, QUICK, hopeless], {"encoder_sha256": "ab" * 32}, tmp_path)
    assert (tmp_path / FILE).read_bytes() == first
    card = (tmp_path / "sentiment_head.md").read_text()
    assert "- encoder_sha256: `abababab" in card
    assert "epochs 20" in card
    tested = [line for line in card.splitlines() if line.startswith("| test |")]
    assert [line.split("|")[2:4] for line in tested] == [
        *([" clothing ", " 3 "], [" clothing ", " 2 "], [" uci ", " 2 "])
    ]
    assert all("| 1.000 | 1.000 |" in line for line in tested)


def test_every_recipe_differs():
    assert len(set(RECIPES)) == len(RECIPES) > 1


class Lengths:
    """An encoder whose vector is the text's length; remembers how it was asked."""

    def __init__(self):
        self.batches = []

    def prepare(self, texts):
        return [list(range(len(text))) for text in texts]

    def embed(self, batch):
        self.batches.append([len(ids) for ids in batch])
        return np.array([[len(ids)] for ids in batch], np.float32)


def test_vectors_come_back_in_the_order_of_the_texts():
    texts, encoder = ["a" * n for n in (900, 3, 1100, 900, 1)], Lengths()
    assert embed(encoder, encoder, texts)[:, 0].tolist() == [900, 3, 1100, 900, 1]
    assert encoder.batches == [[1100], [900, 900], [3, 1]]
