"""Which models answer, as the operator names them."""

import re
from dataclasses import dataclass, fields, replace

from nightshelf.errors import SettingsError
from nightshelf.models.precision import PRECISIONS, precision_of
from nightshelf.settings import PREFIX, Settings

CUT, WINDOWS = LONG_TEXTS = ("cut", "windows")
#: So many windows of a text are read; the rest of it is not.
MOST_WINDOWS = 16
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
_PLACE_FORMS = "package:NAME, folder:PATH or hub:ORG/NAME@REVISION"
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
        """As the settings say; a precision of `auto` is decided here, for the machine we are on."""
        named = {field.name: getattr(settings, field.name) for field in fields(cls)}
        return cls(**named | {"precision": precision_of(settings)})

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


def check_place(place: str, named: str, forms: str = _PLACE_FORMS) -> None:
    """
    Raise `SettingsError` unless a model can be there: in a package, a folder, or on the hub at a
    pinned revision. Its words begin with `named`, and name the `forms` that there are.
    """
    kind, _, value = place.partition(":")
    if kind not in _FORMS or kind == FAKE or not _FORMS[kind].fullmatch(value):
        raise SettingsError(f"{named}: use {forms}")
    revision = value.rpartition("@")[2]
    if kind == "hub" and not _PINNED.fullmatch(revision):
        raise SettingsError(
            f"{named}: a hub model is pinned to a commit of 40 hex digits or to a version tag such"
            f" as v1.2; {revision!r} could mean other weights tomorrow"
        )


def _check_encoder(encoder: str) -> None:
    place = encoder.removeprefix(FAULTY)
    kind, _, value = place.partition(":")
    if kind != FAKE or not _FORMS[FAKE].fullmatch(value):
        check_place(place, f"{PREFIX}ENCODER={encoder}", _ENCODER_FORMS)


def _check_head(head: str) -> None:
    kind, _, value = head.partition(":")
    named = kind in ("package", "folder") and _FORMS[kind].fullmatch(value)
    if head != FAKE and not named:
        raise _wrong("sentiment_head", head, f"use {_HEAD_FORMS}")


def _wrong(name: str, value: str, advice: str) -> SettingsError:
    return SettingsError(f"{PREFIX}{name.upper()}={value}: {advice}")
