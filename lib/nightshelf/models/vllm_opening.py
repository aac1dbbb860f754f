"""Open vLLM's engine over the folder of a language model; the only home of vLLM."""

import os
from typing import Any

import torch

from nightshelf.errors import HostLost, ModelError, NightshelfError, SettingsError
from nightshelf.models.device_errors import check_gpu, while_loading
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import GeneratorFiles, find_generator
from nightshelf.models.precision import BF16, FP32
from nightshelf.models.prompt import PromptReader
from nightshelf.models.room import Room
from nightshelf.models.transfer import CPU
from nightshelf.models.vllm_version import installed_vllm
from nightshelf.models.vllm_writer import VllmWriter, sampling_of
from nightshelf.settings import PREFIX

_ENGINE = f"{PREFIX}GENERATOR_ENGINE=vllm"
_DTYPES = {FP32: "float32", BF16: "bfloat16"}
#: vLLM has no other way to be told. In a process of its own it could outlive its host; it would
#: report its use to its makers; and it would take an address that other machines can reach.
_ENVIRON = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_HOST_IP": "127.0.0.1",
}


def open_vllm_writer(choice: GeneratorChoice, device: str = "cpu") -> VllmWriter:
    """
    Raise `SettingsError` where vLLM is missing, is another one than the choice names, or has
    another API; `ModelError` for a model that it does not load, and `HostLost` for a device that
    cannot take it.

    On which kind of device it computes is decided by its build.
    """
    files = find_generator(choice)
    head = PromptReader(files).head
    Room(choice, files, len(head))  # what cannot be right is said before the weights load
    vllm = _imported(choice)
    if torch.device(device) != CPU:
        check_gpu()
    llm = _opened(choice, files, vllm)
    return VllmWriter(choice, files, head, vllm, llm)


def _imported(choice: GeneratorChoice) -> Any:  # noqa: ANN401  a module without types here
    installed = installed_vllm()
    if installed != choice.engine_version:
        raise SettingsError(
            f"{_ENGINE}: the texts are to be written by vLLM {choice.engine_version}, and this"
            f" machine has {installed}; install the same one on the driver and on all machines that"
            " write, or let the other one answer (`nightshelf models activate`)"
        )
    os.environ.update(_ENVIRON)  # noqa: TID251  to be read by vLLM
    try:
        import vllm

        # It imports each of them when it is first named.
        vllm.LLM, vllm.SamplingParams, vllm.TokensPrompt  # noqa: B018
    except (ImportError, OSError) as error:
        raise SettingsError(
            f"{_ENGINE}: vLLM {installed} does not import here: {_first_line(error)}; take the"
            " build for this machine's torch and GPU"
        ) from None
    except AttributeError as error:
        raise _other_api(installed, error) from None
    return vllm


def _opened(choice: GeneratorChoice, files: GeneratorFiles, vllm: Any) -> Any:  # noqa: ANN401
    try:
        sampling_of(choice, files, vllm)(seed=None)
        with while_loading(choice.generator):
            return vllm.LLM(
                model=str(files.files.folder),
                # Tokens in, tokens out: its own tokenizer would not read as ours does.
                skip_tokenizer_init=True,
                trust_remote_code=False,
                load_format="safetensors",
                generation_config="vllm",
                dtype=_DTYPES[choice.precision],
                # As long as the device's memory allows, up to what the model holds.
                max_model_len=-1,
                gpu_memory_utilization=choice.memory_share,
            )
    except TypeError as error:
        raise _other_api(choice.engine_version, error) from None
    except NightshelfError:
        raise
    # Other people's code on other people's files; its own errors have no parent in common.
    except Exception as error:  # noqa: BLE001
        said = f"{choice.generator}: vLLM {choice.engine_version} does not open it: "
        said += _first_line(error)
        if "memory" in str(error).lower():
            raise HostLost(
                f"{said}; end what else uses the GPU, or set {PREFIX}GENERATOR_MEMORY_SHARE"
                f" (now {choice.memory_share:g})"
            ) from None
        raise ModelError(f"{said}; see the host's log, or use torch") from None


def _other_api(installed: str, error: Exception) -> SettingsError:
    return SettingsError(
        f"{_ENGINE}: vLLM {installed} has another API than is asked for ({_first_line(error)});"
        " install one that docs/models.md names, or use torch"
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
