"""Keys and values of a batch that shrinks: memory is taken once, and nothing is copied a token."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers.cache_utils import Cache, DynamicLayer


class RoomyLayer(DynamicLayer):  # type: ignore[no-untyped-call]  # as it is made
    """
    One layer's keys and values, (rows, heads, places, width), in memory for `room` places.

    transformers' own layer copies all of them for each token that comes.
    """

    def __init__(self, room: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._room = room
        self._seen = 0
        self._held: tuple[Tensor, Tensor] | None = None

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        self.dtype, self.device = key_states.dtype, key_states.device
        self._held = self._empty(key_states), self._empty(value_states)
        self.is_initialized = True

    def update(
        self, key_states: Tensor, value_states: Tensor, *_: object, **__: object
    ) -> tuple[Tensor, Tensor]:
        if self._held is None:
            self.lazy_initialization(key_states, value_states)
        start, self._seen = self._seen, self._seen + key_states.shape[2]
        for held, new in zip(self._held or (), (key_states, value_states), strict=True):
            held[: len(new), :, start : self._seen] = new
        return self._show(len(key_states))

    def keep(self, moves: Sequence[tuple[int, int]], rows: int) -> None:
        """Move rows, each (to, from), and show the first `rows`."""
        for held in self._held or ():
            for to, origin in moves:
                held[to, :, : self._seen] = held[origin, :, : self._seen]
        self._show(rows)

    def repeated(self, rows: int) -> tuple[Tensor, Tensor]:
        """Of its only row, for as many rows; no memory of their own."""
        keys, values = self._show(1)
        return keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1)

    def _empty(self, like: Tensor) -> Tensor:
        rows, heads, _, width = like.shape
        return torch.empty(rows, heads, self._room, width, dtype=like.dtype, device=like.device)

    def _show(self, rows: int) -> tuple[Tensor, Tensor]:
        keys, values = (held[:rows, :, : self._seen] for held in self._held or ())
        # What transformers reads of a layer.
        self.keys, self.values = keys, values
        return keys, values


class RoomyCache(Cache):
    """All layers'. A model whose layers slide gets no others: its masks say what is seen."""

    def __init__(self, layers: int, room: int, device: torch.device) -> None:
        self.device = device
        self._roomy = [RoomyLayer(room) for _ in range(layers)]
        super().__init__(layers=list(self._roomy))

    def begin_with(self, prefix: "RoomyCache", rows: int) -> None:
        """Every one of `rows` begins with what the only row of `prefix` holds."""
        for layer, shared in zip(self._roomy, prefix._roomy, strict=True):
            layer.update(*shared.repeated(rows))

    def keep(self, moves: Sequence[tuple[int, int]], rows: int) -> None:
        """As a layer does."""
        for layer in self._roomy:
            layer.keep(moves, rows)


def moves_of(kept: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """
    Fill the gaps among the first rows with the last ones: the new order, and who moves where.

    >>> moves_of([0, 2, 3, 5])
    ([0, 5, 2, 3], [(1, 5)])
    """
    staying = {row for row in kept if row < len(kept)}
    movers = sorted((row for row in kept if row >= len(kept)), reverse=True)
    gaps = [place for place in range(len(kept)) if place not in staying]
    moves = list(zip(gaps, movers, strict=True))
    moved = dict(moves)
    return [moved.get(place, place) for place in range(len(kept))], moves
