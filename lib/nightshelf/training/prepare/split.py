"""Which part each example belongs to, so that none tells of another part's products or time."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from nightshelf.errors import ContractError, SettingsError
from nightshelf.training.prepare.cleaning import Example

TRAIN, VALIDATION, TEST = PARTS = ("train", "validation", "test")
AUTO, TEXT, PRODUCT, TIME, BOTH = SPLITS = ("auto", "text", "product", "time", "product+time")
#: Where validation and where the test begin, as shares of products or of rows by age.
_BOUNDS = (0.70, 0.85)
#: With `product+time`: of the products, and where the newest rows begin, which are the test's. Both
#: cost rows; so it comes to 78 % train, 12 % validation and 10 % test of the rows that are left.
_BOUNDS_OF_BOTH = (0.65, 0.75)
_NEW = 0.75


def split(examples: Sequence[Example], how: str = AUTO) -> tuple[str, list[str | None]]:
    """
    How it was split, and each example's part; None where it fits in none without leaking.

    - `text`: by a hash of the text.
    - `product`: by a hash of the product, so that it stays where it is when rows are added.
    - `time`: the oldest 70 % train, the newest 15 % test.
    - `product+time`: by product, and only rows from the newest quarter test. Rows of test
      products from before, and of other products since, belong nowhere: about 3 of 8.
    - `auto`: `product+time` where most rows have both, else what they have.

    Raise `ContractError` where the rows lack what the split goes by.
    """
    how = _chosen(examples, how)
    if how in (TEXT, PRODUCT):
        return how, [_by_hash(example, how) for example in examples]
    dates = sorted(example.created_at for example in examples if example.created_at)
    if how == TIME:
        cuts = [dates[int(bound * len(dates))] for bound in _BOUNDS]
        return how, [_by_time(example.created_at, cuts) for example in examples]
    cut = dates[int(_NEW * len(dates))]
    return how, [_by_both(example, cut) for example in examples]


def _chosen(examples: Sequence[Example], how: str) -> str:
    if how not in SPLITS:
        raise SettingsError(f"--split {how}: use {', '.join(SPLITS)}")
    named = [example for example in examples if example.product_id is not None]
    dated = [example for example in examples if example.created_at is not None]
    if how == AUTO:
        most = len(examples) / 2
        by_what = {(True, True): BOTH, (True, False): PRODUCT, (False, True): TIME}
        return by_what.get((len(named) > most, len(dated) > most), TEXT)
    if how in (PRODUCT, BOTH) and not named:
        raise ContractError(f"--split {how}: no row has a product_id; name its column: --rename")
    if how in (TIME, BOTH) and not dated:
        raise ContractError(f"--split {how}: no row has a created_at; name its column: --rename")
    return how


def _by_hash(example: Example, how: str) -> str:
    # What has no product stands for itself.
    group = f"text:{example.words}"
    if how != TEXT and example.product_id is not None:
        group = f"product:{example.product_id}"
    share = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") / 2**32
    return PARTS[sum(share >= bound for bound in (_BOUNDS_OF_BOTH if how == BOTH else _BOUNDS))]


def _by_time(at: datetime | None, cuts: Sequence[datetime]) -> str | None:
    return None if at is None else PARTS[sum(at >= cut for cut in cuts)]


def _by_both(example: Example, cut: datetime) -> str | None:
    part = _by_hash(example, BOTH)
    if example.created_at is None or (part == TEST) != (example.created_at >= cut):
        return None
    return part
