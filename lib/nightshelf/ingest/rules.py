"""Every way a row can be wrong: one named predicate each, in the order in which they are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.contracts import DELETE, MALFORMED, UPSERT, Contract
from nightshelf.contracts import malformed as codes
from nightshelf.ingest.text import Mask, truth

_LONGEST = {"review_id": 256, "product_id": 256, "body": 200_000}  # characters
MIN_RATING, MAX_RATING = 1, 5
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_TOLERANCE = timedelta(days=1)  # shops' clocks and zones


@dataclass(frozen=True)
class Cells:
    """A batch after casting: `values` by field, null where a cell was `wrong` or `invalid`."""

    landing_date: date
    values: Mapping[str, pa.Array]
    wrong: Mapping[str, Mask]
    invalid: Mapping[str, Mask]
    malformed: pa.Array


class Rule(NamedTuple):
    """`breaks` says of each row whether it breaks the rule; `field` is where."""

    reason: str
    field: str
    breaks: Callable[[Cells, str], Mask]


def is_malformed_so(cells: Cells, code: str) -> Mask:
    return truth(pc.equal(cells.malformed, code))


def is_malformed_otherwise(cells: Cells, _: str) -> Mask:
    """Never passes the code on: a shop's own column of that name could say anything."""
    of_a_field = truth(pc.starts_with(cells.malformed, codes.WRONG_TYPE))
    return truth(cells.malformed.is_valid()) & ~of_a_field


def is_invalid_text(cells: Cells, field: str) -> Mask:
    return cells.invalid[field]


def is_of_wrong_type(cells: Cells, field: str) -> Mask:
    return cells.wrong[field] | is_malformed_so(cells, codes.WRONG_TYPE + field)


def is_unknown_op(cells: Cells, field: str) -> Mask:
    return ~truth(pc.is_in(cells.values[field], pa.array([UPSERT, DELETE])))


def is_missing(cells: Cells, field: str) -> Mask:
    return truth(cells.values[field].is_null())


def is_too_long(cells: Cells, field: str) -> Mask:
    return truth(pc.greater(pc.utf8_length(cells.values[field]), _LONGEST[field]))


def is_impossible_rating(cells: Cells, field: str) -> Mask:
    rating = cells.values[field]
    possible = pc.and_(
        pc.greater_equal(rating, MIN_RATING), pc.less_equal(rating, MAX_RATING)
    )  # false for NaN, too
    return truth(pc.invert(possible))


def is_no_number(cells: Cells, field: str) -> Mask:
    return truth(pc.invert(pc.is_finite(cells.values[field])))


def is_negative(cells: Cells, field: str) -> Mask:
    return truth(pc.less(cells.values[field], 0.0))


def is_in_future(cells: Cells, field: str) -> Mask:
    """Later than a day after the landing date's end."""
    midnight = datetime.combine(cells.landing_date, time(), UTC)
    limit = midnight + timedelta(days=1) + _TOLERANCE
    return truth(pc.greater(cells.values[field], pa.scalar(limit)))


def is_too_early(cells: Cells, field: str) -> Mask:
    return truth(pc.less(cells.values[field], pa.scalar(_EARLIEST)))


def is_no_language(cells: Cells, field: str) -> Mask:
    tag = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
    return truth(pc.invert(pc.match_substring_regex(cells.values[field], tag)))


def is_no_currency(cells: Cells, field: str) -> Mask:
    return truth(pc.invert(pc.match_substring_regex(cells.values[field], "^[A-Z]{3}$")))


_LINE_RULES = (
    *(Rule("invalid_text", code, is_malformed_so) for code in codes.UNDECODABLE),
    *(Rule("malformed_line", code, is_malformed_so) for code in codes.UNPARSABLE),
    Rule("malformed_line", MALFORMED, is_malformed_otherwise),
)

_FIELD_RULES = (
    Rule("unknown_op", "op", is_unknown_op),
    Rule("missing_review_id", "review_id", is_missing),
    Rule("id_too_long", "review_id", is_too_long),
    Rule("missing_product_id", "product_id", is_missing),
    Rule("id_too_long", "product_id", is_too_long),
    Rule("missing_title", "title", is_missing),
    Rule("empty_body", "body", is_missing),
    Rule("body_too_long", "body", is_too_long),
    Rule("impossible_rating", "rating", is_impossible_rating),
    Rule("created_in_future", "created_at", is_in_future),
    Rule("created_too_early", "created_at", is_too_early),
    Rule("updated_in_future", "updated_at", is_in_future),
    Rule("bad_language", "language", is_no_language),
    Rule("wrong_type_price", "price", is_no_number),
    Rule("negative_price", "price", is_negative),
    Rule("bad_currency", "currency", is_no_currency),
)


def rules_of(contract: Contract) -> list[Rule]:
    """All rules of the contract's fields; the first that a row breaks is its reason."""
    fields = contract.schema.names
    of_any_field = [Rule("invalid_text", field, is_invalid_text) for field in fields] + [
        Rule(f"wrong_type_{field}", field, is_of_wrong_type) for field in fields
    ]
    of_its_own = [
        rule
        for rule in _FIELD_RULES
        if rule.field in fields
        and (rule.breaks is not is_missing or rule.field in contract.required)
    ]
    return [*_LINE_RULES, *of_any_field, *of_its_own]


def holds_for_deletes(rule: Rule, contract: Contract) -> bool:
    """A delete needs its id alone: what else its row holds is not read."""
    return rule.field in (contract.id_field, "op") or rule in _LINE_RULES
