"""Put prompts to a remote model from code that is not asynchronous."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType

import sqlalchemy as sa

from nightshelf.models.remote.access import BATCH, Access
from nightshelf.models.remote.batch import ask_batches
from nightshelf.models.remote.batch_intend import BatchAsking
from nightshelf.models.remote.batch_server import BatchServer
from nightshelf.models.remote.choice import RemoteChoice, remote_version
from nightshelf.models.remote.exchange import Exchange, exchange_with
from nightshelf.models.remote.outcome import Give
from nightshelf.models.remote.prompt import Prompt
from nightshelf.models.remote.purse import Purse
from nightshelf.models.remote.shared import Chances, Shared
from nightshelf.models.remote.source import must_be_allowed
from nightshelf.models.remote.stream import ask_stream
from nightshelf.ops.remote_batches import BatchLedger
from nightshelf.ops.remote_spend import OpsBank


@dataclass(frozen=True, kw_only=True)
class Account:
    """The operations database, the run that pays, and the lake's secret for ids and codes."""

    ops: sa.Engine
    run: str
    secret: bytes


class RemoteAsker:
    """
    One remote model, with its connections, its rate and its breaker, for as long as it is open; to
    be used in one thread. Raises `SettingsError` where the question's text may not leave the house:
    `redactor` names what is active, none by default (see `source`).
    """

    def __init__(
        self,
        choice: RemoteChoice,
        access: Access,
        account: Account,
        chances: Chances,
        *,
        redactor: str = "",
    ) -> None:
        must_be_allowed(choice.question, choice.source, redactor)
        self._wording = choice.wording(account.secret)
        self._scope = remote_version(choice).id
        self._access = access
        self._account = account
        self._chances = chances
        self._runner = asyncio.Runner(loop_factory=access.loop)
        self._stack = AsyncExitStack()
        self._shared: Shared | None = None
        self._is_closed = False
        prices = access.prices
        self.bank = OpsBank(
            account.ops, account.run, cap_nanos=prices.cap_nanos, cap_tokens=prices.cap_tokens
        ).open()

    def __enter__(self) -> "RemoteAsker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """For good; a second time it does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._runner.run(self._stack.aclose())
        finally:
            self._runner.close()

    def ask(self, prompts: Iterable[Prompt], give: Give) -> None:
        """As `ask_stream` or `ask_batches` does it, whichever the settings say."""
        self._runner.run(self._ask(prompts, give))

    async def _ask(self, prompts: Iterable[Prompt], give: Give) -> None:
        if self._shared is None:
            self._shared = await self._opened()
        if self._access.form == BATCH:
            await ask_batches(prompts, self._batches(self._shared.exchange), give)
        else:
            await ask_stream(prompts, self._shared, give)

    async def _opened(self) -> Shared:
        access = self._access
        connected = exchange_with(access.url, access.key, access.ca_file, access.transport)
        exchange = await self._stack.enter_async_context(connected)
        purse = Purse(self.bank, access.prices)
        return Shared(exchange, self._wording, access.pace, purse, self._chances)

    def _batches(self, exchange: Exchange) -> BatchAsking:
        access = self._access
        return BatchAsking(
            server=BatchServer(exchange, access.pace, self._chances),
            wording=self._wording,
            prices=access.prices,
            limits=access.batches,
            bank=self.bank,
            ledger=BatchLedger(self._account.ops, self.bank, self._scope),
            scope=self._scope,
        )
