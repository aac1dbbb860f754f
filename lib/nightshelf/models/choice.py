"""Which models answer, as the operator names them."""

import re
from dataclasses import dataclass, fields, replace

from nightshelf.errors import SettingsError
from nightshelf.settings import PREFIX, Settings

CUT, WINDOWS = LONG_TEXTS = ("cut", "windows")
#: So many windows of a text are read; the rest of it is not.
MOST_WINDOWS = 16
PRECISIONS = ("fp32", "bf16")
FAKE = "fake"
FAULTY = "faulty:"

_FORMS = {
    "package": re.compile(r"[A-Za-z_][\w.]*"),
    "folder": re.compile(r".+"),
    "hub": re.compile(r"[\w.-]+/[\w.-]+@.+"),
    FAKE: re.compile(r"[1-9]\d{0,4}"),
}
# A commit, or a tag that is a version number: branches such as `main` move.
_PINNED = re.compile(r"[0-9a-f]{40}|v\d[\w.-]*|\d+(\.\d+)+[\w.-]*")
_ENCODER_FORMS = "package:NAME, folder:PATH, hub:ORG/NAME@REVISION or fake:DIMENSIONS"
_HEAD_FORMS = "package:NAME, folder:PATH or fake"


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """
    Small and picklable: a driver makes it, each worker opens it.

    Raises `SettingsError` for a name that cannot be right; whether there is such a model is seen
    when it is opened or its version is taken. `max_tokens` is where texts are cut, or how long the
    windows are in which they are read.
    """

    encoder: str
    sentiment_head: str
    precision: str
    max_tokens: int
    long_texts: str = "cut"

    def __post_init__(self) -> None:
        _check_encoder(self.encoder)
        _check_head(self.sentiment_head)
        if (self.sentiment_head == FAKE) != self.is_fake:
            raise _wrong(
                "sentiment_head", self.sentiment_head, "encoder and head are fake together"
            )
        if self.precision not in PRECISIONS:
            raise _wrong("precision", self.precision, f"use {' or '.join(PRECISIONS)}")
        if self.max_tokens < 1:
            raise _wrong("max_tokens", str(self.max_tokens), "use 1 or more")
        if self.long_texts not in LONG_TEXTS:
            raise _wrong("long_texts", self.long_texts, f"use {' or '.join(LONG_TEXTS)}")

    @classmethod
    def from_settings(cls, settings: Settings) -> "ModelChoice":
        return cls(**{field.name: getattr(settings, field.name) for field in fields(cls)})

    @property
    def is_fake(self) -> bool:
        return self.encoder.removeprefix(FAULTY).startswith(f"{FAKE}:")

    @property
    def fake_dimensions(self) -> int:
        return int(self.encoder.rpartition(":")[2])

    @property
    def is_faulty(self) -> bool:
        """Whether texts can make it fail: `faulty:` before an encoder, for tests and benchmarks."""
        return self.encoder.startswith(FAULTY)

    def without_faults(self) -> "ModelChoice":
        return replace(self, encoder=self.encoder.removeprefix(FAULTY))


def _check_encoder(encoder: str) -> None:
    kind, _, value = encoder.removeprefix(FAULTY).partition(":")
    if kind not in _FORMS or not _FORMS[kind].fullmatch(value):
        raise _wrong("encoder", encoder, f"use {_ENCODER_FORMS}")
    revision = value.rpartition("@")[2]
    if kind == "hub" and not _PINNED.fullmatch(revision):
        raise _wrong(
            "encoder",
            encoder,
            "a hub model is pinned to a commit of 40 hex digits or to a version tag such as v1.2;"
            f" {revision!r} could mean other weights tomorrow",
        )


def _check_head(head: str) -> None:
    kind, _, value = head.partition(":")
    named = kind in ("package", "folder") and _FORMS[kind].fullmatch(value)
    if head != FAKE and not named:
        raise _wrong("sentiment_head", head, f"use {_HEAD_FORMS}")


def _wrong(name: str, value: str, advice: str) -> SettingsError:
    return SettingsError(f"{PREFIX}{name.upper()}={value}: {advice}")
