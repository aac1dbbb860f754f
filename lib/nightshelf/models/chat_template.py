"""A tokenizer's chat template, rendered as transformers would, without its imports."""

import json
from collections.abc import Sequence

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nightshelf.errors import SettingsError

#: Messages as (role, words).
Messages = Sequence[tuple[str, str]]


class _Generation(Extension):
    """`{% generation %}` marks what a model said, for training; here it is what it holds."""

    tags = {"generation"}  # noqa: RUF012  jinja2's own form

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def render(template: str, messages: Messages, specials: dict[str, str]) -> str:
    """
    The prompt after which the model speaks; `specials` are `bos_token` and the like.

    Templates are other people's code, and run in jinja2's sandbox. None is told the time: a prompt
    is a part of the model version. A model that can think first is told not to.

    Raises `SettingsError` for a template that is broken, or that refuses these roles.

    >>> render("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<a>",
    ...        [("user", "hello")], {})
    '<user>hello<a>'
    """
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[LoopControlExtension, _Generation]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    told = [{"role": role, "content": words} for role, words in messages]
    try:
        return environment.from_string(template).render(
            messages=told, add_generation_prompt=True, enable_thinking=False, **specials
        )
    except (TemplateError, TypeError, ValueError) as error:
        raise SettingsError(f"its chat template does not take our messages: {error}") from error


def _refuse(reason: str) -> None:
    raise TemplateError(reason)


def _to_json(value: object, indent: int | None = None) -> str:
    # jinja2's own would write what HTML needs.
    return json.dumps(value, ensure_ascii=False, indent=indent)
