"""The models that a host holds: as many as its memory limit allows, the least recently used go."""

import gc
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

import psutil

from nightshelf.engine.model import Model
from nightshelf.engine.question import Question
from nightshelf.host.choices import from_fields, questions_of
from nightshelf.models.panel import Choice, open_panel


class Held(NamedTuple):
    """A model, and what it is asked by name."""

    model: Model
    questions: Mapping[str, Question]


class HeldModels:
    def __init__(self, device: str, memory_bytes: int) -> None:
        self._device = device
        self._memory_bytes = memory_bytes
        self._models: OrderedDict[Choice, Held] = OrderedDict()

    def open(self, fields: Mapping[str, Any]) -> Held:
        """
        The model of a choice given by its fields, loaded unless it is held.

        Raises what `open_panel` raises.
        """
        choice = from_fields(fields)
        if choice not in self._models:
            self._make_room()
            questions = {question.name: question for question in questions_of(choice)}
            self._models[choice] = Held(open_panel(choice, device=self._device), questions)
        self._models.move_to_end(choice)
        return self._models[choice]

    def _make_room(self) -> None:
        process = psutil.Process()
        while self._models and process.memory_info().rss > self._memory_bytes:
            self._models.popitem(last=False)
            gc.collect()
