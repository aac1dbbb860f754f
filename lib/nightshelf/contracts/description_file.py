"""Read `descriptions.toml`, the one file in which an operator says how descriptions are written."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from nightshelf.contracts.description_rules import (
    KEYS,
    DescriptionRuleBook,
    DescriptionRules,
    category_path,
)
from nightshelf.errors import SettingsError

_TABLES = ("shop", "defaults", "categories")
_SHOP: Mapping[str, type] = {"known_brands": tuple, "category_separator": str}
_KINDS: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number without quotes",
    bool: "true or false",
    tuple: 'a list of texts such as ["a", "b"], none of them empty',
}


def read_description_file(path: Path, *, required: bool = False) -> str:
    """Its text; empty where there is none, unless it is `required`. Raises `SettingsError`."""
    if not required and not path.exists():
        return ""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def description_rules(text: str, path: Path) -> DescriptionRuleBook:
    """
    The rules that `text` sets, which is or was that of the file `path`; the defaults where empty.

    Raises `SettingsError` naming file, table, key, what is wrong with it and what to do.
    """
    try:
        return _book(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, error) from error
    except _WrongError as error:
        raise SettingsError(f"{path}: {error}") from None


def _unreadable(path: Path, error: Exception) -> SettingsError:
    return SettingsError(
        f"{path}: cannot be read as TOML: {error}; mend it, or unset NIGHTSHELF_DESCRIPTIONS"
    )


class _WrongError(Exception):
    def __init__(self, table: str, key: str, wrong: str, advice: str) -> None:
        super().__init__(f"[{table}] {key}: {wrong}; {advice}" if key else f"{wrong}; {advice}")


def _book(tables: Mapping[str, object]) -> DescriptionRuleBook:
    for name, table in tables.items():
        if name not in _TABLES:
            raise _unknown("", name, _TABLES)
        if not isinstance(table, dict):
            raise _WrongError(name, name, "it is a value", f"write a table [{name}]")
    shop = _checked("shop", tables.get("shop", {}), _SHOP)
    kinds = {key: type(getattr(DescriptionRules, key)) for key in KEYS}
    separator = str(shop.get("category_separator", ">")).strip()
    if not separator:
        raise _WrongError("shop", "category_separator", "it is blank", 'use such as ">" or "/"')
    defaults = _changed(
        "defaults", DescriptionRules(), _checked("defaults", tables.get("defaults", {}), kinds)
    )
    categories = dict(_categories(tables.get("categories", {}), separator, kinds))
    brands = shop.get("known_brands", ())
    book = DescriptionRuleBook(
        defaults=defaults,
        categories=categories,
        known_brands=brands if isinstance(brands, tuple) else (),
        separator=separator,
    )
    _check_inherited(book)
    return book


def _categories(
    tables: object, separator: str, kinds: Mapping[str, type]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
    seen: dict[tuple[str, ...], str] = {}
    for name, table in tables.items() if isinstance(tables, dict) else ():
        where, path = f'categories."{name}"', category_path(name, separator)
        if not isinstance(table, dict) or not path:
            raise _WrongError(where, name, "it is no category", f"write a table [{where}] of keys")
        if path in seen:
            raise _WrongError(
                where, name, f'it is the same category as "{seen[path]}"', "put both in one table"
            )
        seen[path] = name
        yield path, _checked(where, table, kinds)


def _checked(where: str, table: object, kinds: Mapping[str, type]) -> Mapping[str, object]:
    """The table with lists as tuples, each value of the kind that its key has."""
    values: dict[str, object] = {}
    for key, value in table.items() if isinstance(table, dict) else ():
        if key not in kinds:
            raise _unknown(where, key, tuple(kinds))
        if isinstance(value, list):
            value = _texts(value)
        if type(value) is not kinds[key]:
            raise _WrongError(
                where, key, "it has another kind of value", f"use {_KINDS[kinds[key]]}"
            )
        values[key] = value
    return values


def _texts(value: list[object]) -> tuple[str, ...] | None:
    texts = tuple(" ".join(one.split()) for one in value if isinstance(one, str))
    return texts if len(texts) == len(value) and all(texts) else None


def _unknown(where: str, name: str, known: tuple[str, ...]) -> _WrongError:
    close = get_close_matches(name, known, 1)
    meant = f"do you mean {close[0]}?" if close else f"use one of {', '.join(known)}"
    if not where:
        return _WrongError("", "", f"[{name}] is not a table of this file", meant)
    return _WrongError(where, name, "it is not a key", meant)


def _changed(where: str, rules: DescriptionRules, table: Mapping[str, object]) -> DescriptionRules:
    try:
        return rules.changed(table)
    except ValueError as error:
        key, wrong, advice = error.args
        raise _WrongError(where, key, wrong, advice) from None


def _check_inherited(book: DescriptionRuleBook) -> None:
    """Each category together with what it inherits: two sound tables can contradict each other."""
    for path in sorted(book.categories, key=len):
        where = f'categories."{f" {book.separator} ".join(path)}"'
        rules = book.of(book.separator.join(path[:-1]))
        _changed(where, rules, book.categories[path])
