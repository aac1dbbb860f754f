"""Open either half of who writes descriptions: the composer, its fake, or a language model."""

from nightshelf.engine.model import Model, Reader
from nightshelf.models.byte_reader import ByteReader
from nightshelf.models.composer import ComposerModel, FakeGenerator
from nightshelf.models.generator_choice import VLLM, GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.prompt import PromptReader


def open_writer_reader(choice: GeneratorChoice, *, every_core: bool = False) -> Reader:
    """As `panel.open_reader`."""
    if not choice.has_weights:
        return ByteReader()
    return PromptReader(find_generator(choice), every_core=every_core)


def open_writer(choice: GeneratorChoice, device: str, threads: int) -> Model:
    """As `panel.open_panel`; the composer needs neither torch nor a device."""
    if not choice.has_weights:
        return FakeGenerator() if choice.is_fake else ComposerModel()
    import torch

    torch.set_num_threads(threads)
    if choice.engine == VLLM:
        from nightshelf.models.vllm_opening import open_vllm_writer

        return open_vllm_writer(choice, device)
    from nightshelf.models.generator import open_generator

    return open_generator(choice, device)
