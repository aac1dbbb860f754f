"""The texts are the same for all, and as long as real ones."""

from itertools import accumulate

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.corpus import TOKENS_AT, Corpus, Lengths, invented, read_corpus, write
from nightshelf.engine.tokens import Tokens
from nightshelf.models.faulty import poison


class WordReader:
    def prepare(self, texts):
        return Tokens.from_rows([[1] * len(text.split()) for text in texts])


def deliver(folder, name, texts):
    (folder / name).mkdir(parents=True)
    pq.write_table(pa.table({"text": texts}), folder / name / "reviews.parquet")


def test_real_texts_are_distinct_and_in_an_order_of_their_own(tmp_path):
    deliver(tmp_path, "reviews_b", ["good", "bad", None, ""])
    deliver(tmp_path, "reviews_a", ["bad", "fine"])
    deliver(tmp_path, "catalog", ["not a review"])
    corpus = read_corpus(tmp_path)
    assert sorted(corpus.texts) == ["bad", "fine", "good"]
    assert "reviews_a, reviews_b" in corpus.origin
    (tmp_path / "reviews_b").rename(tmp_path / "reviews_0")
    assert read_corpus(tmp_path).texts == corpus.texts


def test_a_table_in_other_letters_is_left_out(tmp_path):
    deliver(tmp_path, "reviews_en", ["good"])
    deliver(tmp_path, "reviews_zh", ["很好很好", "不好不好", "ok"])
    assert read_corpus(tmp_path).texts == ["good"]


@pytest.mark.parametrize("folder", [None, "absent"])
def test_without_a_folder_texts_are_invented_and_it_says_so(tmp_path, folder):
    corpus = read_corpus(tmp_path / folder if folder else None)
    assert "invented" in corpus.origin
    assert len(set(corpus.texts)) == len(corpus.texts)


def test_invented_texts_are_as_long_as_real_ones():
    words = [len(text.split()) + 2 for text in invented(4_000).texts]
    # The number at the end is one word of two tokens or so, and there are two special tokens.
    found = np.percentile(words, range(5, 100, 5))
    assert np.abs(found - TOKENS_AT[1:-1]).max() < 8


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 7])
def test_tokens_of_the_first_rows(rows):
    texts = ["a", "b b", "c c c"]
    lengths = [1, 2, 3] * 3
    found = Lengths(Corpus(texts, ""), WordReader()).tokens(rows)
    assert found == [0, *accumulate(lengths)][rows]


@pytest.mark.parametrize("kind", ["", "hang"])
def test_rows_are_written_once_and_one_of_them_is_poisoned(tmp_path, kind):
    write(Corpus(["a", "b", "c"], ""), tmp_path / "texts", 7, kind)
    table = pq.read_table(tmp_path / "texts")
    texts = table["text"].to_pylist()
    assert sorted(text[0] for text in texts) == list("aaabbcc")
    assert len(set(table["content_key"].to_pylist())) == 7
    assert sum(poison("hang") in text for text in texts) == bool(kind)
    counts = [int(path.stem.split("-")[1]) for path in (tmp_path / "texts").iterdir()]
    assert sorted(counts) == [3, 4]
