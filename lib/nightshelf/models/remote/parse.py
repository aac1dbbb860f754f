"""Strict reading of a chat completion: what is not exactly an answer is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nightshelf.models.remote.echo import NONE, without_echo
from nightshelf.models.remote.failures import (
    AnswerTruncated,
    ContentFiltered,
    MalformedReply,
    Unanswered,
    WrongModel,
)
from nightshelf.models.remote.prompt import Prompt, Wording, cut
from nightshelf.models.remote.tokens import TokenCount


@dataclass(frozen=True)
class Said:
    """An answer; `received` are the bytes of all that was written, `count` as the server says."""

    text: str = field(repr=False)
    received: int
    count: TokenCount | None


def read_json(body: bytes) -> Any:  # noqa: ANN401  it is not known yet
    """Raise `MalformedReply` for what is not one JSON document in UTF-8, or says a thing twice."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise MalformedReply from None


def read_completion(found: object, prompt: Prompt, wording: Wording) -> Said:
    """
    The answer to `prompt` in a parsed reply.

    Raises the `Unanswered` that says what is wrong; it holds the server's count where there is one.
    """
    if not isinstance(found, dict):
        raise MalformedReply
    count = _count(found.get("usage"))
    try:
        content = _content(found, wording.model)
        text = _text(content, prompt, wording)
    except Unanswered as failure:
        failure.count = count
        raise
    return Said(text, len(content.encode()), count)


def _content(found: Mapping[str, Any], pinned: str) -> str:
    model = found.get("model", pinned)
    if not isinstance(model, str):
        raise MalformedReply
    if model != pinned:
        raise WrongModel
    choices = found.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        raise MalformedReply
    _check_end(choices[0].get("finish_reason"))
    message = choices[0].get("message")
    if not isinstance(message, dict) or message.get("role", "assistant") != "assistant":
        raise MalformedReply
    if message.get("refusal"):
        raise ContentFiltered
    content = message.get("content")
    if not isinstance(content, str) or not content.strip() or not _is_unicode(content):
        raise MalformedReply
    return content


def _check_end(reason: object) -> None:
    if reason == "length":
        raise AnswerTruncated
    if reason == "content_filter":
        raise ContentFiltered
    if reason != "stop":
        raise MalformedReply


def _text(content: str, prompt: Prompt, wording: Wording) -> str:
    text = content if wording.echo == NONE else without_echo(content, wording.code(prompt))
    text = cut(text, prompt.stop)
    if not text.strip() or not _is_unicode(text):
        raise MalformedReply
    return text


def _count(usage: object) -> TokenCount | None:
    if not isinstance(usage, dict):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    if not all(type(count) is int for count in counts):
        return None
    return TokenCount(*counts)  # type: ignore[arg-type]  # both are int


def _is_unicode(text: str) -> bool:
    """Whether it can be written down: JSON can escape half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
