"""The first sentence of a Chinese text, which names the product."""

import re
from collections.abc import Sequence

from nightshelf.composer import chinese
from nightshelf.composer.english import Clause
from nightshelf.composer.facts import brand_of
from nightshelf.composer.sentences import Sentence, fields_of
from nightshelf.contracts.description_rules import FRIENDLY
from nightshelf.contracts.product_fields import ProductFields

_TWO_CLAUSES = 2


def opening(
    fields: ProductFields, clauses: Sequence[Clause], tone: str
) -> tuple[Sentence, list[Clause]]:
    """The title with up to two clauses after it."""
    title = fields.title.rstrip(" .,;:。")
    start = f"为您介绍{title}：" if tone == FRIENDLY else title
    if start == title and not re.fullmatch(r"[\u3400-\u9fff]+", title):
        # A title that ends in a measure or another script is set off.
        start = f"{title}，"
    brand, names = brand_of(fields)
    said = [Clause("predicate", chinese.placed("来自{v}品牌", brand), names, is_long=False)] * bool(
        brand
    )
    for one in clauses[: _TWO_CLAUSES - len(said)]:
        if one.form != "predicate" or (said and one.is_long):
            break
        said.append(one)
    used = [one for one in said if one in clauses]
    text = chinese.joined(start, "，".join(one.text for one in said)) if said else start
    ended = f"{text.rstrip('：，')}。"
    return Sentence(ended, ("title", *fields_of(said))), list(clauses[len(used) :])
