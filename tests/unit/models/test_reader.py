"""The half of a model that runs in every worker."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
from tokenizers import Tokenizer

from nightshelf.errors import SettingsError
from nightshelf.models.reader import open_token_reader

QUICK = """
import json, sys
import nightshelf.models.reader
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_reader
def heavy():
    return [name for name in ("torch", "transformers", "pyspark") if name in sys.modules]
imported = heavy()
reader = open_reader(ModelChoice(**json.loads(sys.argv[1])))
assert len(reader.prepare(["love it"])[0]) == 4
print(imported, heavy())
"""


@pytest.mark.parametrize(
    ("max_tokens", "lengths"), [(8, [2, 4, 8]), (4, [2, 4, 4]), (3, [2, 3, 3]), (512, [2, 4, 302])]
)
def test_texts_are_cut_at_max_tokens_and_not_padded(choice, max_tokens, lengths):
    reader = open_token_reader(replace(choice, max_tokens=max_tokens))
    assert reader.prepare(["", "love it", "word " * 300]).lengths.tolist() == lengths


def test_a_cut_and_padding_of_the_folder_do_not_count(choice, encoder_folder):
    path = str(encoder_folder / "tokenizer.json")
    tokenizer = Tokenizer.from_file(path)
    tokenizer.enable_truncation(5)
    tokenizer.enable_padding(length=5)
    tokenizer.save(path)
    reader = open_token_reader(replace(choice, encoder=f"folder:{encoder_folder}"))
    assert reader.prepare(["", "word " * 8]).lengths.tolist() == [2, 10]


def test_no_texts_are_no_tokens(choice):
    assert len(open_token_reader(choice).prepare([])) == 0


def test_a_cut_beyond_what_the_encoder_reads_is_refused(choice):
    open_token_reader(replace(choice, max_tokens=512))
    with pytest.raises(SettingsError, match=r"MAX_TOKENS=513: package:gt_.* at most 512 tokens"):
        open_token_reader(replace(choice, max_tokens=513))


@pytest.mark.parametrize("prefix", ["", "faulty:"])
def test_a_worker_that_reads_imports_nothing_heavy(choice, prefix):
    chosen = replace(choice, encoder=prefix + choice.encoder)
    done = subprocess.run(
        [sys.executable, "-c", QUICK, json.dumps(asdict(chosen))], capture_output=True, text=True
    )
    assert done.stdout == "[] []\n", done.stderr


def test_windows_go_on_where_the_cut_is(choice):
    whole = replace(choice, max_tokens=512)
    text = " ".join(f"word{n}" for n in range(40))
    read = replace(choice, max_tokens=16, long_texts="windows")
    [ids], [all_ids] = (open_token_reader(one).prepare([text]) for one in (read, whole))
    parts = [ids[start : start + 16].tolist() for start in range(0, len(ids), 16)]
    assert {part[0] for part in parts} == {int(all_ids[0])}
    assert {part[-1] for part in parts} == {int(all_ids[-1])}
    inside = [token for part in parts for token in part[1:-1]]
    assert inside == all_ids[1:-1].tolist()


def test_no_more_windows_are_read_than_we_say(choice):
    read = replace(choice, max_tokens=8, long_texts="windows")
    assert open_token_reader(read).prepare(["word " * 5000]).lengths.tolist() == [16 * 8]


@pytest.mark.parametrize("long_texts", ["cut", "windows"])
def test_every_core_reads_as_one_does(choice, long_texts):
    read = replace(choice, max_tokens=8, long_texts=long_texts)
    texts = ["", "love it", "a word ☠ é " * 30, *(f"number {n}" for n in range(300))]
    one, every = (open_token_reader(read, every_core=each) for each in (False, True))
    assert [ids.tolist() for ids in every.prepare(texts)] == [
        ids.tolist() for ids in one.prepare(texts)
    ]
