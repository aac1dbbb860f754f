"""Where a remote model is, with what key, how fast it may be asked and what that may cost."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from nightshelf.errors import SettingsError
from nightshelf.models.remote.address import checked_url
from nightshelf.models.remote.key import ApiKey, read_key
from nightshelf.models.remote.limits import (
    BatchLimits,
    Pace,
    Prices,
    batch_limits_of,
    pace_of,
    prices_of,
)
from nightshelf.settings import Settings

STREAM, BATCH = ("stream", "batch")


@dataclass(frozen=True, kw_only=True)
class Access:
    """
    Made in the process that asks, of its own environment: a key is never handed on. `transport` and
    `loop` are others in tests: no network, and a clock that does not wait.
    """

    url: httpx.URL
    key: ApiKey | None = None
    ca_file: str = ""
    form: str = STREAM
    pace: Pace = field(default_factory=Pace)
    prices: Prices = field(default_factory=Prices)
    batches: BatchLimits = field(default_factory=BatchLimits)
    transport: httpx.AsyncBaseTransport | None = None
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None

    @classmethod
    def from_settings(cls, settings: Settings, environ: Mapping[str, str]) -> "Access":
        """Raise `SettingsError`; it never says what a variable with a key holds."""
        if not settings.remote_url:
            raise SettingsError(
                "NIGHTSHELF_REMOTE_URL is not set: name the server that shall answer, such as"
                " https://api.example.org/v1"
            )
        return cls(
            url=checked_url(settings.remote_url),
            key=read_key(settings.remote_key_variable, environ),
            ca_file=settings.remote_ca_file,
            form=settings.remote_form,
            pace=pace_of(settings),
            prices=prices_of(settings, batch=settings.remote_form == BATCH),
            batches=batch_limits_of(settings),
        )
