"""What is asked about one row, as an OpenAI-compatible server takes it."""

import json
from dataclasses import dataclass, field
from typing import Any

from nightshelf.models.remote.echo import NONE, SCHEMA, TOKENS, asked_to_echo, code_of, schema_of
from nightshelf.models.remote.tokens import Bounds


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """
    `key` names the row, once in a run. An answer has at most `max_tokens`; what follows the first
    of the `stop` texts in it is cut off, and it with it.
    """

    key: str
    text: str = field(repr=False)
    system: str = field(default="", repr=False)
    max_tokens: int
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wording:
    """
    How prompts become requests to one model. `secret` is the lake's, for the codes of `echo`;
    `overhead` are tokens that a server's own chat template may add.
    """

    model: str
    temperature: float = 0.0
    echo: str = SCHEMA
    limit_field: str = "max_tokens"
    overhead: int = 256
    secret: bytes = field(repr=False)

    def body(self, prompt: Prompt) -> dict[str, Any]:
        """The request, as JSON can carry it; the same for the same prompt."""
        text, code = prompt.text, self.code(prompt)
        if self.echo != NONE:
            text = f"{text}\n\n{asked_to_echo(code)}"
        messages = [{"role": "user", "content": text}]
        if prompt.system:
            messages.insert(0, {"role": "system", "content": prompt.system})
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            self.limit_field: self._limit(prompt),
            "temperature": self.temperature,
            "n": 1,
            "stream": False,
        }
        if prompt.seed is not None:
            body["seed"] = prompt.seed
        if self.echo == SCHEMA:
            body["response_format"] = schema_of(code)
        return body

    def code(self, prompt: Prompt) -> str:
        return code_of(self.secret, json.dumps([prompt.system, prompt.text]))

    def bounds(self, prompt: Prompt) -> Bounds:
        """Of the tokens that it can take, for any tokenizer that knows every byte."""
        body = self.body(prompt)
        words = sum(len(message["content"].encode()) for message in body["messages"])
        return Bounds.of(words, len(as_bytes(body)), self._limit(prompt), self.overhead)

    def _limit(self, prompt: Prompt) -> int:
        return prompt.max_tokens + (TOKENS if self.echo != NONE else 0)


def as_bytes(body: object) -> bytes:
    """UTF-8 JSON without needless bytes: Chinese is not written as escapes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def cut(text: str, stop: tuple[str, ...]) -> str:
    """
    >>> cut("A kettle. END And more", ("END",))
    'A kettle. '
    """
    places = [text.find(mark) for mark in stop if mark and mark in text]
    return text[: min(places)] if places else text
