"""
A code in each request that only an answer to that very content can repeat.

A batch returns nothing of a request but its `custom_id`, so an answer under a wrong id would look
like a right one. Therefore each request holds a code, made from its content and the lake's secret,
and asks for it back in the answer. With `schema` the server's constrained decoding forces it there
(JSON schema with one allowed value), which small models can do as well; with `prompt` the model is
only asked to; with `none` there is no such check.
"""

import hmac
import json
import re
from typing import Any

from nightshelf.models.remote.failures import EchoMissing

SCHEMA, PROMPT, NONE = ECHOES = ("schema", "prompt", "none")
#: More tokens than code, names and brackets of the JSON take.
TOKENS = 48
_PREFIX = "ns1-"
_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*", re.DOTALL)


def code_of(secret: bytes, content: str) -> str:
    """
    Eight hex digits: the same content has the same code, so that it has the same prompt.

    >>> code_of(b"s", "kettle") == code_of(b"s", "kettles")
    False
    """
    return hmac.digest(secret, b"echo\0" + content.encode(), "sha256").hex()[:8]


def custom_id(secret: bytes, request: bytes, intent: str) -> str:
    """
    The id of a request in a batch: over its bytes and the batch, of which each is one attempt.

    At most 64 characters, as servers want it; nobody without the secret can make one up.

    >>> len(custom_id(b"s", b"{}", "batch 1"))
    52
    """
    said = b"id\0" + intent.encode() + b"\0" + request
    return _PREFIX + hmac.digest(secret, said, "sha256").hex()[:48]


def asked_to_echo(code: str) -> str:
    shape = json.dumps({"code": code, "text": "…"}, ensure_ascii=False)
    return f"Reply with one JSON object of this form and nothing else: {shape}"


def schema_of(code: str) -> dict[str, Any]:
    """`response_format` as OpenAI, vLLM, TGI and Ollama take it."""
    fields = {"code": {"type": "string", "enum": [code]}, "text": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": schema},
    }


def without_echo(content: str, code: str) -> str:
    """
    The answer itself; raise `EchoMissing` unless it repeats the code.

    >>> without_echo('{"code": "00c0ffee", "text": "A kettle."}', "00c0ffee")
    'A kettle.'
    """
    fenced = _FENCED.fullmatch(content)
    try:
        found = json.loads(fenced[1] if fenced else content)
    except ValueError:
        raise EchoMissing from None
    if not isinstance(found, dict) or found.keys() != {"code", "text"}:
        raise EchoMissing
    text = found["text"]
    if found["code"] != code or not isinstance(text, str):
        raise EchoMissing
    return text
