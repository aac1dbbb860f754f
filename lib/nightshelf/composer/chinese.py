"""Facts as Chinese clauses; values stay in the words of their field."""

import re
from collections.abc import Sequence

from nightshelf.composer import values
from nightshelf.composer.english import Clause
from nightshelf.composer.fact import Fact
from nightshelf.composer.lexicon import PREDICATE, SIZE, WORDS
from nightshelf.composer.phrases import are_materials

_HAN = r"\u3400-\u9fff"
_LONG = 30
_ORDER = {"length": "长", "width": "宽", "depth": "深", "height": "高"}


def listed(items: Sequence[str]) -> str:
    """
    >>> listed(["红色"]), listed(["红色", "蓝色", "白色"])
    ('红色', '红色、蓝色和白色')
    """
    if len(items) == 1:
        return items[0]
    return joined(joined("、".join(items[:-1]), "和"), items[-1])


def placed(template: str, value: str) -> str:
    """
    Set off by a space where letters or digits meet Han characters.

    >>> placed("采用{v}材质", "cast iron"), placed("采用{v}材质", "铸铁")
    ('采用 cast iron 材质', '采用铸铁材质')
    """
    before, _, after = template.partition("{v}")
    return joined(joined(before, value), after)


def joined(first: str, second: str) -> str:
    """
    >>> joined("重量为", "2.4 kg"), joined("重量为", "两公斤")
    ('重量为 2.4 kg', '重量为两公斤')
    """
    meets = f"{first[-1:]}{second[:1]}"
    apart = re.fullmatch(rf"[{_HAN}][A-Za-z0-9(]|[A-Za-z0-9%°)\"][{_HAN}]", meets)
    return f"{first} {second}" if apart else f"{first}{second}"


def clause(fact: Fact, *, again: bool) -> Clause:
    """`again`: a fact of that kind was said before, so this one has to say its name."""
    form, text = _said(fact, again=again)
    return Clause(form, text, fact.fields, len(text) > _LONG)


def _said(fact: Fact, *, again: bool) -> tuple[str, str]:
    if fact.sides:
        return PREDICATE, _sides(fact)
    label = label_of(fact)
    if fact.says is not None:
        return _flag(fact, label)
    if fact.kind.zh and not again and _is_fit(fact):
        return PREDICATE, placed(fact.kind.zh, listed(fact.values))
    value = "、".join(fact.values)
    is_named = fact.kind.zh_label or label[-1:] in WORDS["zh_nouns"]
    if is_named or (len(fact.values) == 1 and values.is_measure(fact.values[0])):
        return PREDICATE, joined(joined(label, "为"), value)
    return "detail", f"{label}：{value}"


def label_of(fact: Fact) -> str:
    """Its own where it is Chinese; else what its kind is called."""
    is_own = re.search(rf"[{_HAN}]", fact.label) or not fact.kind.zh_label
    return fact.label if is_own else fact.kind.zh_label


def _is_fit(fact: Fact) -> bool:
    """Whether its values are of the sort that its kind's sentence is about."""
    if fact.kind.name == "material":
        return are_materials(fact.values)
    return fact.kind.role != SIZE or all(map(values.is_area, fact.values))


def _sides(fact: Fact) -> str:
    """`尺寸为 60 × 40 × 30 cm（宽 × 深 × 高）`; one after another where units differ or fewer."""
    units = {measure.lstrip("0123456789.,-–~/ ") for _, measure in fact.sides}
    names = [kind.name for kind, _ in fact.sides]
    if len(fact.sides) == 3 and len(units) == 1 and set(names) <= _ORDER.keys():
        unit = units.pop()
        numbers = " × ".join(measure.removesuffix(unit).strip() for _, measure in fact.sides)
        order = " × ".join(_ORDER[name] for name in names)
        return f"尺寸为 {numbers} {unit}（{order}）"
    return "，".join(joined(kind.zh_label, measure) for kind, measure in fact.sides)


def _flag(fact: Fact, label: str) -> tuple[str, str]:
    more = f"（{'、'.join(fact.values)}）" if fact.values else ""
    if not re.search(rf"[{_HAN}]", label):
        return "detail", f"{label}：{'是' if fact.says else '否'}{more}"
    named = label.removeprefix("是否")
    if named.startswith("可"):
        return PREDICATE, f"{named if fact.says else '不' + named}{more}"
    named = named.removeprefix("支持")
    return PREDICATE, f"{'支持' if fact.says else '不支持'}{named}{more}"
