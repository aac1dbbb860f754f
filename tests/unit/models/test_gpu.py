"""The same answers from a GPU."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from nightshelf.engine.budget import FailureBudget
from nightshelf.engine.device import LocalDevice
from nightshelf.engine.recovery import Recovery
from nightshelf.engine.usage import Usage
from nightshelf.errors import OutOfMemory
from nightshelf.models.encoder import open_encoder
from nightshelf.models.panel import open_panel
from nightshelf.models.reader import open_token_reader
from nightshelf.questions import QUESTIONS

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU here"),
]

WORDS = ("soft", "kettle", "broke", "after", "a", "day", "lovely", "dress", "of", "wool")
TEXTS = [" ".join(WORDS[(n * k) % 10] for k in range(1, 2 + n % 50)) for n in range(200)]
MEGABYTE = 1 << 20


@pytest.fixture
def tokens(choice):
    return open_token_reader(choice).prepare(TEXTS)


def test_fp32_is_that_of_the_cpu(choice, tokens):
    cpu, gpu = (open_encoder(choice, device).embed(tokens) for device in ("cpu", "cuda"))
    np.testing.assert_allclose(gpu, cpu, atol=1e-4)


def test_bf16_is_close_to_fp32_of_the_cpu(choice, tokens):
    gpu = open_encoder(replace(choice, precision="bf16"), "cuda").embed(tokens)
    assert (gpu * open_encoder(choice).embed(tokens)).sum(axis=1).min() >= 0.9998


@pytest.fixture
def little_memory():
    """Limits what this process may still take of the GPU."""

    def limit(more_bytes):
        torch.cuda.empty_cache()
        total = torch.cuda.get_device_properties(0).total_memory
        may_have = torch.cuda.memory_reserved() + more_bytes
        torch.cuda.set_per_process_memory_fraction(may_have / total)

    yield limit
    torch.cuda.set_per_process_memory_fraction(1.0)


def test_a_batch_that_is_too_large_is_halved_until_it_fits(choice, little_memory):
    tokens = open_token_reader(choice).prepare(["soft wool " * 31] * 2048)
    panel, questions = open_panel(choice, device="cuda"), list(QUESTIONS.values())
    little_memory(200 * MEGABYTE)
    with pytest.raises(OutOfMemory):
        panel.answer(tokens)
    usage = Usage()
    recovery = Recovery(LocalDevice(panel, questions), FailureBudget(0.0), usage)
    answered = [rows for rows, _ in recovery.answer(tokens, [range(len(tokens))])]
    assert sorted(row for rows in answered for row in rows) == list(range(len(tokens)))
    assert len(answered) > 1
    assert usage.failures == {}
