"""The models that a host holds: as many as its memory limit allows, the least recently used go."""

import gc
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import psutil

from nightshelf.engine.model import Model
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel


class HeldModels:
    def __init__(self, device: str, memory_bytes: int) -> None:
        self._device = device
        self._memory_bytes = memory_bytes
        self._models: OrderedDict[ModelChoice, Model] = OrderedDict()

    def open(self, fields: Mapping[str, Any]) -> Model:
        """
        The model of a `ModelChoice` given by its fields, loaded unless it is held.

        Raises what `open_panel` raises.
        """
        choice = ModelChoice(**fields)
        if choice not in self._models:
            self._make_room()
            self._models[choice] = open_panel(choice, device=self._device)
        self._models.move_to_end(choice)
        return self._models[choice]

    def _make_room(self) -> None:
        process = psutil.Process()
        while self._models and process.memory_info().rss > self._memory_bytes:
            self._models.popitem(last=False)
            gc.collect()
