"""Who writes descriptions, as the operator names it."""

from dataclasses import dataclass

from nightshelf import names
from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.errors import SettingsError
from nightshelf.models.choice import FAKE, check_place
from nightshelf.models.precision import BF16, FP32, INT8, precision_of
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.vllm_version import installed_vllm
from nightshelf.settings import PREFIX, Settings

OFF, COMPOSER, REMOTE = "off", "composer", "remote"
TORCH, VLLM = ENGINES = ("torch", "vllm")
_WITHOUT_WEIGHTS = (COMPOSER, FAKE)
_FORMS = f"{OFF}, {COMPOSER}, {REMOTE}, package:NAME, folder:PATH or hub:ORG/NAME@REVISION"


@dataclass(frozen=True, kw_only=True)
class GeneratorChoice:
    """
    Small and picklable: a driver makes it, each worker opens it. Raises `SettingsError`.

    `generator` is the composer, the fake, or the place of a language model. Of a model only:
    `max_tokens` that a text may have, the `temperature` (0: the likeliest token, always), and the
    `seed` of what is drawn above 0; the `engine` that computes it, of vLLM with its version, since
    another one writes other texts, and the share of a GPU's memory that it takes.
    """

    generator: str
    max_tokens: int = 200
    temperature: float = 0.0
    seed: int = 0
    precision: str = FP32
    engine: str = TORCH
    engine_version: str = ""
    memory_share: float = 0.8

    def __post_init__(self) -> None:
        if not self.has_weights:
            return
        check_place(self.generator, f"{PREFIX}GENERATOR={self.generator}", _FORMS)
        checks = (
            (self.max_tokens >= 1, "GENERATOR_MAX_TOKENS", "use 1 or more"),
            (0 <= self.temperature <= 2, "GENERATOR_TEMPERATURE", "use a number from 0 to 2"),
            (self.seed >= 0, "GENERATOR_SEED", "use 0 or more"),
            (self.precision in (FP32, BF16), "PRECISION", f"use {FP32} or {BF16}"),
            (self.engine in ENGINES, "GENERATOR_ENGINE", f"use {' or '.join(ENGINES)}"),
            (
                bool(self.engine_version) == (self.engine == VLLM),
                "GENERATOR_ENGINE",
                f"{VLLM} comes with its version, {TORCH} without one",
            ),
            (0 < self.memory_share <= 1, "GENERATOR_MEMORY_SHARE", "use more than 0, at most 1"),
        )
        for holds, name, advice in checks:
            if not holds:
                raise SettingsError(f"{PREFIX}{name}: {advice}")

    @property
    def model(self) -> str:
        return self.generator

    @property
    def question(self) -> str:
        return names.DESCRIPTION

    @property
    def is_fake(self) -> bool:
        return self.generator == FAKE

    @property
    def has_weights(self) -> bool:
        """Whether a language model writes, rather than code of our own."""
        return self.generator not in _WITHOUT_WEIGHTS

    @property
    def written_tokens(self) -> int:
        """How many passes a row may take beyond the one that reads it."""
        return self.max_tokens if self.has_weights else 0


def generator_of(settings: Settings) -> GeneratorChoice | RemoteChoice | None:
    """None where no descriptions are wanted; raises `SettingsError`, also where vLLM is missing."""
    if settings.generator == OFF:
        return None
    if settings.generator == REMOTE:
        return RemoteChoice.from_settings(
            settings, question=names.DESCRIPTION, source="catalog", system=INSTRUCTIONS
        )
    if settings.generator in _WITHOUT_WEIGHTS:
        return GeneratorChoice(generator=settings.generator)
    precision = precision_of(settings)
    return GeneratorChoice(
        generator=settings.generator,
        max_tokens=settings.generator_max_tokens,
        temperature=settings.generator_temperature,
        seed=settings.generator_seed,
        # int8 is an encoder's: nobody has measured what it does to texts.
        precision=FP32 if precision == INT8 else precision,
        engine=settings.generator_engine,
        engine_version=installed_vllm() if settings.generator_engine == VLLM else "",
        memory_share=settings.generator_memory_share,
    )
