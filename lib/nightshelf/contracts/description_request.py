"""What a writer of descriptions gets to read: one product's fields and the rules that shape it."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from nightshelf.contracts.description_rules import KEYS, DescriptionRules
from nightshelf.contracts.product_fields import ProductFields, attribute_name

_LISTS = ("must_mention", "matter")
#: They decide what stands in the content, and need not be told as well.
_SPENT = ("leave_out", "use_shop_text")
_DEFAULTS = asdict(DescriptionRules())


@dataclass(frozen=True, kw_only=True)
class DescriptionRequest:
    """
    Made by `of`, written down by `content` and read again by `read`: the same request.

    `shop_text` is the shop's own description; empty unless a rule lets a model read it.
    """

    fields: ProductFields
    rules: DescriptionRules
    shop_text: str = ""

    @classmethod
    def of(
        cls, fields: ProductFields, rules: DescriptionRules, shop_text: str | None = None
    ) -> "DescriptionRequest":
        """
        Only what shapes this product's text: attributes that are left out are gone, and so are
        names in the rules that the product has no attribute for.
        """
        hidden = {attribute_name(name) for name in rules.leave_out}
        kept = {n: v for n, v in fields.attributes.items() if attribute_name(n) not in hidden}
        found = {attribute_name(name) for name in kept}
        lists: dict[str, Any] = {
            key: tuple(name for name in getattr(rules, key) if attribute_name(name) in found)
            for key in _LISTS
        }
        return cls(
            fields=replace(fields, attributes=kept),
            rules=replace(rules, leave_out=(), use_shop_text=False, **lists),
            shop_text=" ".join((shop_text or "").split()) if rules.use_shop_text else "",
        )

    def content(self) -> str:
        """One line of JSON: equal requests are equal texts. Of the rules what differs."""
        product = dict(self.fields.named())
        rules = {
            key: getattr(self.rules, key)
            for key in KEYS
            if key not in _SPENT and getattr(self.rules, key) != _DEFAULTS[key]
        }
        parts = {"product": product, "rules": rules, "shop_text": self.shop_text}
        # The language stands there always: an answer tells which one it was asked in.
        parts["rules"] = {"language": self.rules.language, **rules}
        told = {name: part for name, part in parts.items() if part}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, content: str) -> "DescriptionRequest":
        """Raise `ValueError` for a text that `content` has not written."""
        try:
            return _request(json.loads(content))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("this is not the content of a description request") from error


def _request(told: Any) -> DescriptionRequest:  # noqa: ANN401  as JSON has it
    product: dict[str, str] = told["product"]
    attributes = {name.partition(".")[2]: value for name, value in product.items() if "." in name}
    plain = {name: value for name, value in product.items() if "." not in name}
    rules: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in told["rules"].items()
    }
    return DescriptionRequest(
        fields=ProductFields(**plain, attributes=attributes),
        rules=DescriptionRules(**rules),
        shop_text=told.get("shop_text", ""),
    )
