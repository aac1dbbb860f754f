"""What a reply's status means for the row, and for everybody."""

from typing import Any

from nightshelf.errors import ModelError
from nightshelf.models.remote.exchange import Reply
from nightshelf.models.remote.failures import (
    MalformedReply,
    NotFound,
    RateLimited,
    RequestRefused,
    ServerBusy,
    ServerFailed,
    Unanswered,
)
from nightshelf.models.remote.parse import read_json
from nightshelf.models.remote.pauses import Now, retry_after

_KEY = "look at the variable that NIGHTSHELF_REMOTE_KEY_VARIABLE names, and at what it may do"
_FOR_PEOPLE = {
    401: f"it does not accept the API key: {_KEY}",
    402: "it wants to be paid first: look at the account",
    403: f"the API key may not do this: {_KEY}",
}
_NAMED = {404: NotFound, 429: RateLimited, 503: ServerBusy}
#: Of a proxy or of a server that starts, or because two of ours came at once: they pass.
_PASSING = (405, 408, 409, 425)


def json_of(reply: Reply, now: Now) -> Any:  # noqa: ANN401  any JSON
    """
    The document in a good reply.

    Raises `Unanswered` for one row's sake, `ModelError` where no row can be answered.
    """
    if reply.status != 200:
        raise _of_status(reply, now)
    if not reply.is_json:
        raise MalformedReply
    return read_json(reply.body)


def _of_status(reply: Reply, now: Now) -> Unanswered:
    status = reply.status
    if 300 <= status < 400:
        raise _no_row("it sends us elsewhere, and redirects are not followed: name that address")
    if status in _FOR_PEOPLE:
        raise _no_row(_FOR_PEOPLE[status])
    if status == 429 and _code(reply) == "insufficient_quota":
        raise _no_row(_FOR_PEOPLE[402])
    after = retry_after(reply.headers.get("Retry-After"), now)
    if status in _NAMED:
        return _NAMED[status](after)
    if 400 <= status < 500 and status not in _PASSING:
        return RequestRefused()
    return MalformedReply() if 200 < status < 300 else ServerFailed(after)


def _code(reply: Reply) -> object:
    try:
        found = read_json(reply.body)
        return found["error"]["code"]
    except (MalformedReply, KeyError, TypeError):
        return None


def _no_row(why: str) -> ModelError:
    return ModelError(f"the server at NIGHTSHELF_REMOTE_URL answers no row: {why}")
