"""Write statements as sentences, in several ways, with other units, synonyms and rounding."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.corrupt.statements import (
    ATTRIBUTE,
    BRAND,
    CATEGORY,
    COLOUR,
    MATERIAL,
    MEASURE,
    TITLE,
    Statement,
    is_measure,
    label_in_chinese,
)
from benchmarks.corrupt.vocabulary import COLOURS, MATERIALS, UNITS, VALUES

#: By kind: how it is said and how it is denied. `{v}` is the value, `{l}` the label.
Ways = dict[str, Sequence[tuple[str, str]]]
ENGLISH: Ways = {
    TITLE: [
        ("This is the {v}.", "This is not the {v}."),
        ("Meet the {v}.", "This is anything but {v}, and not the {v}."),
        ("{v}.", "Not {v}."),
        ("Here you see the {v}.", "Here you do not see the {v}."),
        ("What you are looking at is the {v}.", "What you are looking at is no {v}."),
    ],
    BRAND: [
        ("The brand is {v}.", "The brand is not {v}."),
        ("Brand: {v}.", "Brand: not {v}."),
        ("It is made by {v}.", "It is not made by {v}."),
        ("{v} stands for the brand of this article.", "{v} is not the brand of this article."),
        ("{v} is the name of the brand.", "{v} is not the name of the brand."),
    ],
    CATEGORY: [
        ("It belongs to the category {v}.", "It does not belong to the category {v}."),
        ("Category: {v}.", "It is not in the category {v}."),
    ],
    COLOUR: [
        ("It comes in {v}.", "It does not come in {v}."),
        ("Its colour is {v}.", "Its colour is not {v}."),
        ("Color: {v}.", "Color: not {v}."),
        ("The product is {v} in colour.", "The product is never {v} in colour."),
        ("Available colour: {v}.", "Without {v} as its colour."),
        ("You will find it coloured {v}.", "You will not find it coloured {v}."),
    ],
    MATERIAL: [
        ("It is made of {v}.", "It is not made of {v}."),
        ("Material: {v}.", "Material: no {v}."),
        ("The material is {v}.", "The material isn't {v}."),
        ("It has been crafted from {v}.", "It contains no {v}."),
        ("{v} is the material used here.", "{v} is not the material used here."),
        ("The shop names {v} as its material.", "The shop never names {v} as its material."),
    ],
    MEASURE: [
        ("{l}: {v}.", "{l}: not {v}."),
        ("The {l} is {v}.", "The {l} is not {v}."),
        ("It has a {l} of {v}.", "It does not have a {l} of {v}."),
        ("The {l} is about {v}.", "The {l} isn't {v}."),
        ("According to the shop, the {l} is {v}.", "According to the shop, the {l} is not {v}."),
        ("With regard to {l}, there are {v}.", "With regard to {l}, there are no {v}."),
    ],
    ATTRIBUTE: [
        ("{l}: {v}.", "{l}: not {v}."),
        ("The {l} is {v}.", "The {l} is not {v}."),
        ("As for {l}, it says {v}.", "As for {l}, it does not say {v}."),
        ("The shop gives {l} as {v}.", "The shop does not give {l} as {v}."),
    ],
}
CHINESE: Ways = {
    TITLE: [
        ("这是{v}。", "这不是{v}。"),
        ("这款产品名为{v}。", "这款产品并非{v}。"),
        ("您看到的是{v}。", "您看到的不是{v}。"),
        ("向您介绍{v}。", "向您介绍的并非{v}。"),
    ],
    BRAND: [
        ("品牌：{v}。", "品牌不是{v}。"),
        ("它的品牌是{v}。", "它的品牌不是{v}。"),
        ("由{v}制造。", "不是由{v}制造。"),
        ("该商品的品牌即{v}。", "该商品的品牌绝不是{v}。"),
    ],
    CATEGORY: [
        ("类别：{v}。", "类别不是{v}。"),
        ("属于{v}类别。", "不属于{v}类别。"),
    ],
    COLOUR: [
        ("颜色：{v}。", "颜色不是{v}。"),
        ("颜色为{v}。", "颜色并非{v}。"),
        ("这款商品是{v}的。", "这款商品不是{v}的。"),
        ("外观颜色是{v}。", "外观颜色不是{v}。"),
        ("其颜色呈{v}。", "其颜色不呈{v}。"),
    ],
    MATERIAL: [
        ("材质：{v}。", "材质不是{v}。"),
        ("由{v}制成。", "不是由{v}制成。"),
        ("采用{v}材料。", "不含{v}材料。"),
        ("材质选用的是{v}。", "材质选用的不是{v}。"),
        ("所用材质就是{v}。", "所用材质不是{v}。"),
    ],
    MEASURE: [
        ("{l}：{v}。", "{l}不是{v}。"),
        ("{l}为{v}。", "{l}并非{v}。"),
        ("{l}约{v}。", "{l}没有{v}。"),
        ("经测量，{l}达{v}。", "经测量，{l}未达{v}。"),
        ("根据商店资料，{l}为{v}。", "根据商店资料，{l}不是{v}。"),
    ],
    ATTRIBUTE: [
        ("{l}：{v}。", "{l}不是{v}。"),
        ("{l}为{v}。", "{l}并非{v}。"),
        ("关于{l}，标注为{v}。", "关于{l}，没有标注{v}。"),
    ],
}
#: Ways that no rule was ever tried on; they make a figure of their own.
UNSEEN_ENGLISH: Ways = {
    TITLE: [("Have a look at this one: {v}.", "Do not look for {v}.")],
    BRAND: [("The label on it reads {v}.", "The label on it does not read {v}.")],
    CATEGORY: [("Browse {v} and you will come across it.", "Browse anything but {v}.")],
    COLOUR: [("Anyone who likes {v} gets that colour.", "Whoever likes {v} goes without.")],
    MATERIAL: [("Touch it and you touch {v}.", "Touch it and you do not touch {v}.")],
    MEASURE: [("Our records put the {l} at {v}.", "Our records do not put the {l} at {v}.")],
    ATTRIBUTE: [("Asked about {l}, we answer: {v}.", "Asked about {l}, we do not answer {v}.")],
}
UNSEEN_CHINESE: Ways = {
    TITLE: [("欢迎了解{v}。", "欢迎了解，但不是{v}。")],
    BRAND: [("生产者是{v}这个品牌。", "生产者不是{v}这个品牌。")],
    CATEGORY: [("您能在{v}里找到它。", "您不能在{v}里找到它。")],
    COLOUR: [("喜欢{v}的顾客可以考虑。", "没有{v}可选。")],
    MATERIAL: [("摸上去是{v}。", "摸上去不是{v}。")],
    MEASURE: [("说到{l}，有{v}。", "说到{l}，没有{v}。")],
    ATTRIBUTE: [("问到{l}，回答是{v}。", "问到{l}，回答不是{v}。")],
}


@dataclass(frozen=True)
class Writer:
    """Writes in `language` (`en`, `zh`); the same source writes the same."""

    language: str
    source: random.Random
    unseen: bool = False

    def write(self, one: Statement, *, denied: bool = False) -> str:
        way = self.source.choice(self._ways(one.kind))[denied]
        label = one.label.lower() if self.language == "en" else label_in_chinese(one.label)
        return way.format(v=self.value(one), l=label.replace("_", " "))

    def _ways(self, kind: str) -> Sequence[tuple[str, str]]:
        if self.unseen:
            return (UNSEEN_ENGLISH if self.is_english else UNSEEN_CHINESE)[kind]
        return (ENGLISH if self.is_english else CHINESE)[kind]

    def value(self, one: Statement) -> str:
        for kind, known in ((COLOUR, COLOURS), (MATERIAL, MATERIALS)):
            if one.kind == kind:
                others, chinese = known[one.value]
                return self.source.choice([one.value, *others]) if self.is_english else chinese
        if is_measure(one):
            return self._measure(one)
        if one.kind == ATTRIBUTE and not self.is_english:
            return VALUES.get(one.value.lower(), one.value)
        return one.value

    @property
    def is_english(self) -> bool:
        return self.language == "en"

    def _measure(self, one: Statement) -> str:
        """In the shop's unit or another of its kind, rounded to a tenth or to three digits."""
        kind, factor, *_ = UNITS[one.unit]
        unit, amount = one.unit, one.amount
        if self.source.random() < 0.5:
            others = [name for name, other in UNITS.items() if other[0] == kind]
            unit = self.source.choice(others)
            amount = one.amount * factor / UNITS[unit][1]
            if not 0.5 <= amount < 10_000:
                unit, amount = one.unit, one.amount
        digits = 1 if amount >= 10 else 2
        written = f"{round(amount, digits):g}" if amount < 100_000 else f"{amount:.0f}"
        return written + self._unit(unit)

    def _unit(self, unit: str) -> str:
        _, _, english, chinese = UNITS[unit]
        if not self.is_english:
            return self.source.choice([chinese, f" {unit}"]) if unit.isascii() else chinese
        return " " + self.source.choice([unit, *english])
