"""How fast, how patiently and at what price a server is asked, as the settings say it."""

import math
from dataclasses import dataclass

from nightshelf.errors import SettingsError
from nightshelf.models.remote.tokens import TokenCount
from nightshelf.settings import Settings

#: Billionths of the currency's unit in a millionth: prices are per million tokens.
_NANOS = 1_000


@dataclass(frozen=True, kw_only=True)
class Patience:
    """With a server that is unwell, over all rows; see `breaker`."""

    failures: int = 8
    minutes: float = 10.0
    pause_seconds: float = 5.0
    most_pause_seconds: float = 120.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """
    Rates of 0 are none. `deadline_seconds` hold for a row, over all its `attempts`; of all rows
    together at most `retry_share` may be tried again, but ten of them always.
    """

    requests_per_minute: float = 0.0
    tokens_per_minute: float = 0.0
    concurrency: int = 8
    deadline_seconds: float = 120.0
    idle_seconds: float = 30.0
    max_reply_bytes: int = 1 << 20
    attempts: int = 4
    retry_share: float = 0.5
    first_backoff_seconds: float = 1.0
    most_backoff_seconds: float = 30.0
    patience: Patience = Patience()


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Billionths of the currency a token. The cap holds for a run, over both; 0 is none."""

    prompt_nanos: int = 0
    answer_nanos: int = 0
    cap_nanos: int = 0
    cap_tokens: int = 0

    def nanos(self, count: TokenCount) -> int:
        """
        >>> Prices(prompt_nanos=150, answer_nanos=600).nanos(TokenCount(100, 10))
        21000
        """
        return self.prompt_nanos * count.prompt + self.answer_nanos * count.answer


@dataclass(frozen=True, kw_only=True)
class BatchLimits:
    """A batch that has not ended after `hours` is cancelled. `looks`: see `batch_submit`."""

    rows: int = 10_000
    max_bytes: int = 100 << 20
    hours: float = 25.0
    poll_seconds: float = 30.0
    cancel_seconds: float = 600.0
    looks: tuple[float, ...] = (2.0, 10.0, 30.0)


def pace_of(settings: Settings) -> Pace:
    return Pace(
        requests_per_minute=settings.remote_requests_per_minute,
        tokens_per_minute=settings.remote_tokens_per_minute,
        concurrency=settings.remote_concurrency,
        deadline_seconds=settings.remote_deadline_seconds,
        idle_seconds=settings.remote_idle_seconds,
        max_reply_bytes=settings.remote_max_reply_kb << 10,
        attempts=settings.remote_attempts,
        retry_share=settings.remote_retry_share,
        patience=Patience(
            failures=settings.remote_breaker_failures, minutes=settings.remote_breaker_minutes
        ),
    )


def prices_of(settings: Settings, *, batch: bool = False) -> Prices:
    """Raise `SettingsError` for a cap on money where no token costs anything."""
    share = settings.remote_batch_price_share if batch else 1.0
    prompt = settings.remote_price_per_million_prompt_tokens * share
    answer = settings.remote_price_per_million_answer_tokens * share
    if settings.remote_cap and not (prompt or answer):
        raise SettingsError(
            f"NIGHTSHELF_REMOTE_CAP={settings.remote_cap:g} can hold nothing back, since no token"
            " costs anything: set NIGHTSHELF_REMOTE_PRICE_PER_MILLION_PROMPT_TOKENS and"
            " …_ANSWER_TOKENS, or cap tokens by NIGHTSHELF_REMOTE_CAP_TOKENS"
        )
    return Prices(
        # Rounded up: what is charged here is never less than what the server will.
        prompt_nanos=math.ceil(round(prompt * _NANOS, 6)),
        answer_nanos=math.ceil(round(answer * _NANOS, 6)),
        cap_nanos=math.floor(settings.remote_cap * 10**9),
        cap_tokens=settings.remote_cap_tokens,
    )


def batch_limits_of(settings: Settings) -> BatchLimits:
    return BatchLimits(
        rows=settings.remote_batch_rows,
        hours=settings.remote_batch_hours,
        poll_seconds=settings.remote_poll_seconds,
    )
