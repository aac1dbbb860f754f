"""A text as a title and a list of facts, for shops that want no sentences."""

from collections.abc import Iterator, Sequence

from nightshelf.composer import chinese
from nightshelf.composer.fact import Fact
from nightshelf.composer.sentences import Sentence
from nightshelf.contracts.description_rules import CHINESE
from nightshelf.contracts.product_fields import ProductFields


def written(fields: ProductFields, facts: Sequence[Fact], language: str) -> Iterator[Sentence]:
    """`Title. Material: oak; width: 60 cm.`"""
    is_chinese = language == CHINESE
    stop = "。" if is_chinese else "."
    names = ["title"]
    title = fields.title.rstrip(" .,;:。")
    if fields.brand and fields.brand.casefold() not in title.casefold():
        title, names = f"{title}{'，' if is_chinese else ', '}{fields.brand}", [*names, "brand"]
    yield Sentence(f"{title}{stop}", tuple(names))
    if facts:
        said = [_chinese(fact) if is_chinese else _english(fact) for fact in facts]
        text = ("；" if is_chinese else "; ").join(said)
        used = tuple(name for fact in facts for name in fact.fields)
        yield Sentence(f"{text[:1].upper()}{text[1:]}{stop}", used)


def _english(fact: Fact) -> str:
    if fact.sides:
        return "; ".join(f"{kind.name}: {measure}" for kind, measure in fact.sides)
    return f"{fact.label}: {', '.join(_values(fact, 'yes', 'no'))}"


def _chinese(fact: Fact) -> str:
    if fact.sides:
        return "；".join(f"{kind.zh_label}：{measure}" for kind, measure in fact.sides)
    label = chinese.label_of(fact)
    return f"{label}：{'、'.join(_values(fact, '是', '否'))}"


def _values(fact: Fact, yes: str, no: str) -> tuple[str, ...]:
    return fact.values if fact.says is None else (yes if fact.says else no, *fact.values)
