"""A run's cap on tokens and money: the worst case is set aside before a request is sent."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from nightshelf.models.remote.limits import Prices
from nightshelf.models.remote.tokens import TokenCount

#: A part of the cap that is fetched at once: what a process that is killed can lose.
_SLICES = 400
_PLENTY = 10**12


@dataclass(frozen=True)
class Amount:
    """Billionths of the currency, and tokens."""

    nanos: int = 0
    tokens: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.nanos + other.nanos, self.tokens + other.tokens)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.nanos - other.nanos, self.tokens - other.tokens)

    def covers(self, other: "Amount") -> bool:
        return self.nanos >= other.nanos and self.tokens >= other.tokens


class Bank(Protocol):
    """Where a run's spend is written down; all its processes share one."""

    def hold(self, nanos: int, tokens: int) -> bool:
        """Set so much aside for good; False, and nothing is set aside, where the cap forbids it."""

    def settle(self, held: tuple[int, int], spent: tuple[int, int]) -> None:
        """Give back what was held, (nanos, tokens), and book what of it was spent."""


class Purse:
    """
    One process's part. It fetches slices, so that not every row is a transaction; what it held when
    it was killed counts as spent, and is at most one slice.
    """

    def __init__(self, bank: Bank, prices: Prices) -> None:
        self._bank = bank
        self.prices = prices
        # Where there is no cap, nothing is lost by fetching as much as a night can take.
        self._slice = Amount(
            prices.cap_nanos // _SLICES if prices.cap_nanos else _PLENTY,
            prices.cap_tokens // _SLICES if prices.cap_tokens else _PLENTY,
        )
        self._held = self._free = self._spent = Amount()
        self._out = 0
        self._changed = asyncio.Event()

    def amount(self, count: TokenCount) -> Amount:
        return Amount(self.prices.nanos(count), count.total)

    async def reserve(self, amount: Amount) -> bool:
        """
        Whether so much may be spent; it waits while what others have reserved may come back.

        Each True has to be ended by `settle`.
        """
        while not self._take(amount):
            if not self._out:
                return False
            if self._changed.is_set():
                self._changed = asyncio.Event()
            await self._changed.wait()
        self._out += 1
        return True

    def settle(self, reserved: Amount, spent: Amount) -> None:
        """`spent` is at most `reserved`."""
        self._out -= 1
        self._free += reserved - spent
        self._spent += spent
        self._changed.set()

    def close(self) -> None:
        """Book what was spent, and give the rest back."""
        held, spent = self._held, self._spent
        self._bank.settle((held.nanos, held.tokens), (spent.nanos, spent.tokens))
        self._held = self._free = self._spent = Amount()

    def _take(self, amount: Amount) -> bool:
        if not self._free.covers(amount) and not self._fetch(amount):
            return False
        self._free -= amount
        return True

    def _fetch(self, amount: Amount) -> bool:
        short = amount - self._free
        least = Amount(max(short.nanos, 0), max(short.tokens, 0))
        large = Amount(max(least.nanos, self._slice.nanos), max(least.tokens, self._slice.tokens))
        for wanted in dict.fromkeys((large, least)):
            if self._bank.hold(wanted.nanos, wanted.tokens):
                self._held += wanted
                self._free += wanted
                return True
        return False
