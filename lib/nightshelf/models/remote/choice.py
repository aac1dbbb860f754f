"""Which remote model answers a question, as the operator names it."""

import json
import re
from dataclasses import dataclass, field

from nightshelf.answers.version import ModelVersion
from nightshelf.errors import SettingsError
from nightshelf.models.remote.echo import ECHOES, NONE, asked_to_echo
from nightshelf.models.remote.prompt import Prompt, Wording
from nightshelf.models.remote.source import SOURCES, must_be_allowed
from nightshelf.privacy.choice import active_redactor
from nightshelf.settings import Settings

#: Where the text goes in a template.
TEXT = "{text}"
#: Raise it when what we send, or how we read what comes back, changes answers.
NUMERICS = "remote 1"
_NAME = re.compile(r"[\w./:@+-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class RemoteChoice:
    """
    Small and picklable, and without address or key: those are of the place, not of the model.

    `source` is the data set whose text the question reads. A prompt is `template` with the text in
    place of `{text}`, after the `system` message where there is one. Raises `SettingsError`.
    """

    question: str
    source: str
    model: str
    revision: str
    system: str = field(default="", repr=False)
    template: str = field(default=TEXT, repr=False)
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    echo: str = "schema"
    limit_field: str = "max_tokens"
    max_text_bytes: int = 32_768
    overhead_tokens: int = 256

    def __post_init__(self) -> None:
        checks = (
            (_NAME.fullmatch(self.model), "MODEL", "name the model as its server does"),
            (
                _NAME.fullmatch(self.revision),
                "REVISION",
                "name the weights behind that name (a date, a commit): answers are kept under it,"
                " and a server can exchange weights under a name that stays",
            ),
            (self.echo in ECHOES, "ECHO", f"use {', '.join(ECHOES)}"),
            (self.max_tokens >= 1, "MAX_TOKENS", "use 1 or more"),
        )
        for holds, name, advice in checks:
            if not holds:
                raise SettingsError(f"NIGHTSHELF_REMOTE_{name}: {advice}")
        if self.source not in SOURCES:
            raise SettingsError(
                f"[{self.question}] reads {self.source}: use {' or '.join(SOURCES)}"
            )
        if TEXT not in self.template:
            raise SettingsError(f"[{self.question}] the template has no {TEXT} in it")

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        question: str,
        source: str,
        system: str = "",
        template: str = TEXT,
    ) -> "RemoteChoice":
        """
        What an operator sets, and what belongs to the question; refused before anything is done
        where the text of its source may not leave the house.
        """
        must_be_allowed(question, source, active_redactor(settings))
        if settings.remote_form == "batch" and settings.remote_echo == NONE:
            raise SettingsError(
                "NIGHTSHELF_REMOTE_ECHO=none does not go with NIGHTSHELF_REMOTE_FORM=batch: nothing"
                " would show that an answer belongs to its text; use schema or prompt"
            )
        return cls(
            question=question,
            source=source,
            model=settings.remote_model,
            revision=settings.remote_revision,
            system=system,
            template=template,
            max_tokens=settings.remote_max_tokens,
            temperature=settings.remote_temperature,
            echo=settings.remote_echo,
            limit_field=settings.remote_limit_field,
            max_text_bytes=settings.remote_max_text_bytes,
            overhead_tokens=settings.remote_overhead_tokens,
        )

    @property
    def is_fake(self) -> bool:
        return False

    def wording(self, secret: bytes) -> Wording:
        return Wording(
            model=self.model,
            temperature=self.temperature,
            echo=self.echo,
            limit_field=self.limit_field,
            overhead=self.overhead_tokens,
            secret=secret,
        )

    def prompt(self, key: str, text: str) -> Prompt:
        """`text` is put in once: a `{text}` in it is text."""
        before, _, after = self.template.partition(TEXT)
        return Prompt(
            key=key,
            text=f"{before}{text}{after}",
            system=self.system,
            max_tokens=self.max_tokens,
            seed=self.seed,
            stop=self.stop,
        )


def remote_version(choice: RemoteChoice) -> ModelVersion:
    """Address and key are not in it, nor the form: the same model answers the same elsewhere."""
    return ModelVersion(
        question=choice.question,
        name=choice.model,
        revision=choice.revision,
        licence="the server's terms",
        identity={
            "architecture": "remote",
            "model": choice.model,
            "revision": choice.revision,
            "prompt": f"{choice.system}\n\n{choice.template}",
            "max_tokens": choice.max_tokens,
            "temperature": choice.temperature,
            "seed": -1 if choice.seed is None else choice.seed,
            "stop": json.dumps(choice.stop, ensure_ascii=False),
            "echo": "none" if choice.echo == NONE else f"{choice.echo}: {asked_to_echo('')}",
            "truncation": choice.max_text_bytes,
            "numerics": NUMERICS,
        },
    )
