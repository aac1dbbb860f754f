"""vLLM in a real host: a row that it fails on costs itself alone; and, where there is one, vLLM."""

import os
import sys
from functools import partial
from importlib.metadata import packages_distributions

import pytest
import torch
from tests.unit.models import fake_vllm
from tests.unit.models.tiny_generators import contents, save_generator

from nightshelf.engine.budget import FailureBudget
from nightshelf.engine.recovery import Recovery
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage
from nightshelf.errors import SettingsError
from nightshelf.host.choices import questions_of
from nightshelf.host.client import HostDevice
from nightshelf.host.start import host_of
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.vllm_version import installed_vllm
from nightshelf.names import DESCRIPTION

NEW = 24
#: Of the fake: what takes it long to load, and what writes instead.
TOY = (
    ("import transformers\n", ""),
    ("transformers.AutoModelForCausalLM.from_pretrained(model, dtype=dtype)", "Toy()"),
    (
        "class LLM:\n",
        """class Toy:
    config = SimpleNamespace(max_position_embeddings=1024)

    def eval(self):
        return self

    def __call__(self, ids):
        likely = torch.eye(600)[(ids.cumsum(1) + 7 * ids) % 300 + 256]
        return SimpleNamespace(logits=likely)


class LLM:
""",
    ),
)


def chosen(folder, **changed):
    return GeneratorChoice(
        generator=f"folder:{folder}", engine="vllm", max_tokens=NEW, memory_share=0.2, **changed
    )


def device_of(shared, choice, slot="cpu-0"):
    connect = partial(host_of, shared.folder, slot, shared.limits, choice)
    shared.devices.append(HostDevice(connect, choice, questions_of(choice)))
    return shared.devices[-1]


def answered(device, tokens):
    """By row: its draft, or why there is none."""
    found = {}
    recovery = Recovery(device, FailureBudget(1.0), Usage())
    for rows, outcome in recovery.answer(tokens, [list(range(len(tokens)))]):
        if len(rows) == 1 and hasattr(outcome, "reason"):
            found[rows[0]] = outcome.reason
        else:
            said = [tuple(row[DESCRIPTION].values()) for row in outcome.to_pylist()]
            found |= dict(zip(rows, said, strict=True))
    return [found[row] for row in range(len(tokens))]


def by_torch(folder, tokens):
    return open_panel(GeneratorChoice(generator=f"folder:{folder}", max_tokens=NEW)).answer(tokens)


@pytest.mark.parametrize("fault", ["memory", "raise", "kill"])
def test_a_row_that_vllm_fails_on_costs_itself_alone(new_hosts, tmp_path, monkeypatch, fault):
    site, folder = fake_vllm.install(tmp_path / "site"), save_generator(tmp_path / "model")
    # Hosts start again and again here: without transformers they do so at once.
    module = fake_vllm.SOURCE.read_text()
    for before, after in TOY:
        assert before in module
        module = module.replace(before, after)
    (site / "vllm.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *sys.path]))
    fake_vllm.fail(site, fault)
    choice = chosen(folder, engine_version=fake_vllm.VERSION)
    tokens = open_reader(choice).prepare(contents())
    device = device_of(new_hosts(), choice)
    undisturbed = answered(device, tokens)
    assert [draft[2::2] for draft in undisturbed] == [("length", NEW)] * len(undisturbed)
    poisoned = Tokens.from_rows([*tokens, [0, 300, fake_vllm.UNSEEN]])
    assert answered(device, poisoned) == [*undisturbed, "HostKilled"]
    assert device.restarts > 1


def _slot():
    """Where the vLLM that is installed can compute; skips where that is nowhere."""
    try:
        version = installed_vllm()
    except SettingsError:
        pytest.skip("vLLM is not installed here")
    if torch.cuda.is_available():
        return "cuda-0"
    if "cpu" not in "".join([version, *packages_distributions().get("vllm", ())]):
        pytest.skip("torch finds no GPU here, and this vLLM is no build for a CPU")
    return "cpu-0"


@pytest.mark.gpu
def test_a_real_vllm_writes_what_our_own_loop_writes(new_hosts, tmp_path):
    slot = _slot()
    # Its kernels know no smaller heads.
    sizes = {"hidden_size": 64, "head_dim": 32, "num_attention_heads": 2, "num_key_value_heads": 2}
    folder = save_generator(tmp_path / "model", "LlamaForCausalLM", seed=5, **sizes)
    choice = chosen(folder, engine_version=installed_vllm())
    tokens = open_reader(choice).prepare(contents())
    known = int(tokens.ids.max())
    told = Tokens.from_rows([*tokens, [0, known, 10**6], [0, *[known] * 1200]])
    found = answered(device_of(new_hosts(), choice, slot), told)
    expected = by_torch(folder, tokens)[DESCRIPTION]
    assert found[len(expected) :] == ["UnanswerableRow"] * 2
    assert [draft[1:] for draft in found[: len(expected)]] == [draft[1:] for draft in expected]
    if slot == "cpu-0":  # a GPU sums in another order, and random weights have likely ties
        assert found[: len(expected)] == expected
