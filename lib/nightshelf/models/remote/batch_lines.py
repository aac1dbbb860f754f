"""A batch's files: what we write, and what comes back, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightshelf.models.remote.echo import custom_id
from nightshelf.models.remote.failures import (
    AnswersConflict,
    MalformedReply,
    NotBegun,
    RateLimited,
    RequestRefused,
    ServerFailed,
    Unanswered,
)
from nightshelf.models.remote.parse import Said, read_completion, read_json
from nightshelf.models.remote.prompt import Prompt, Wording, as_bytes
from nightshelf.models.remote.row import PATH

#: Of a row that the batch never came to, which therefore costs nothing.
_NOT_BEGUN = ("batch_expired", "batch_cancelled")


@dataclass(frozen=True)
class Line:
    """One prompt as a line of the input file."""

    custom_id: str
    prompt: Prompt
    data: bytes


def line_of(prompt: Prompt, wording: Wording, intent: str) -> Line:
    body = wording.body(prompt)
    # The key is in it, since two rows may say the same.
    name = custom_id(wording.secret, prompt.key.encode() + b"\0" + as_bytes(body), intent)
    line = {"custom_id": name, "method": "POST", "url": f"/v1/{PATH}", "body": body}
    return Line(name, prompt, as_bytes(line) + b"\n")


@dataclass(frozen=True)
class Reconciled:
    """
    How each row that we know the prompt of has ended, by custom id, and how often what did not fit.
    """

    ended: Mapping[str, Said | Unanswered]
    notes: Mapping[str, int]


def reconcile(
    files: Sequence[bytes], prompts: Mapping[str, Prompt | None], wording: Wording
) -> Reconciled:
    """
    Read output and error files; `prompts` holds the members of the batch by custom id.

    A row is found by its id, which nobody else can make and which covers its content and attempt,
    and accepted only if its answer echoes the content; order and counters are not looked at. Lines
    that cannot be read, and ids that are not ours, are counted; a member without a prompt, since
    nobody wants its answer any more, is passed over.
    """
    said: dict[str, list[Said | Unanswered]] = {}
    notes = dict.fromkeys(("unreadable lines", "unknown ids", "repeated ids"), 0)
    for line in _lines(files):
        name = line.get("custom_id") if line else None
        if line is None or not isinstance(name, str):
            notes["unreadable lines"] += 1
        elif name not in prompts:
            notes["unknown ids"] += 1
        elif (prompt := prompts[name]) is not None:
            notes["repeated ids"] += name in said
            said.setdefault(name, []).append(_read(line, prompt, wording))
    ended = {name: _one_of(several) for name, several in said.items()}
    return Reconciled(ended, {note: times for note, times in notes.items() if times})


def _lines(files: Sequence[bytes]) -> Iterator[dict[str, Any] | None]:
    for file in files:
        for line in file.split(b"\n"):
            if not line.strip():
                continue
            try:
                found = read_json(line)
            except MalformedReply:
                found = None
            yield found if isinstance(found, dict) else None


def _read(line: Mapping[str, Any], prompt: Prompt, wording: Wording) -> Said | Unanswered:
    error, response = line.get("error"), line.get("response")
    if isinstance(error, dict) and not response:
        return NotBegun() if error.get("code") in _NOT_BEGUN else ServerFailed()
    if not isinstance(response, dict):
        return MalformedReply()
    status = response.get("status_code")
    if status == 200:
        try:
            return read_completion(response.get("body"), prompt, wording)
        except Unanswered as failure:
            return failure.with_traceback(None)
    if status == 429:
        return RateLimited()
    if isinstance(status, int) and 400 <= status < 500 and status != 408:
        return RequestRefused()
    return ServerFailed()


def _one_of(several: Sequence[Said | Unanswered]) -> Said | Unanswered:
    """The one thing that was said; where there are two, none of them can be trusted."""
    texts = {one.text for one in several if isinstance(one, Said)}
    reasons = {one.reason for one in several if isinstance(one, Unanswered)}
    if len(texts) + len(reasons) == 1:
        return several[0]
    return AnswersConflict()
