"""Why an expectation does not hold, in one plain sentence."""

from nightshelf.report.shape_verdict import Check

#: `{n}` is what was measured, `{most}` what is allowed at most; both in the words of the kind.
_COUNTED = {
    "duplicate_ids": "{n} rows have an id that another row of the table has, too",
    "rows_without_answer": "{n} rows have neither an answer nor a reason why there is none",
    "rows_without_provenance": "{n} rows do not say which model and which run answered them",
    "model_versions": "vectors of {n} model versions stand side by side and cannot be compared",
    "vectors_not_finite": "{n} vectors hold something that is not a number",
    "vectors_not_of_unit_norm": "{n} vectors do not have length 1",
    "scores_not_probabilities": "{n} rows have a score that is not between 0 and 1",
    "labels_not_the_likeliest": "{n} rows have a label that is not their likeliest",
    "probabilities_not_a_distribution": "the probabilities of {n} rows do not add up to 1",
    "more_answers_than_reviews": "{n} products have more answers than reviews",
    "shares_that_do_not_add_up": "the shares of {n} products do not add up to 1",
    "unsupported_claims": "{n} published claims are not carried by the product's fields",
    "texts_without_proof": "{n} published texts come without the proof of any claim",
    "texts_without_fate": "{n} rows do not say what became of their text, or say it wrongly",
    "rows_unaccounted_for": "{n} rows were read, or are current, and nobody knows how they ended",
    "versions_lost": "{n} accepted rows are missing in the shop's tables, or there are too many",
    "rejections_lost": "{n} rows that were turned away are not written down, or twice",
    "current_rows_missing": "{n} rows that are current would not be published",
    "rows_no_longer_current": "{n} rows would be published that are no longer current",
    "deferred_but_not_planned": "{n} rows are deferred that no cap has left out",
}
_SHARES = {
    "failed_share": "the models failed on {n} of the rows of this run",
    "label_drift": "the share of one label differs by {n} from the last release",
    "products_vanished": "{n} of the products of the last release are gone",
    "refused_share": "{n} of the products have no description that could be proved",
    "texts_alike": "{n} of the descriptions are word by word those of another product",
    "sentence_length_drift": "sentences are by {n} longer or shorter than in the last release",
}
#: Where an expectation of this name speaks of something else.
_OF_A_TABLE = {
    ("lake.shop.landings", "rows_unaccounted_for"): (
        "{n} rows were read that are neither accepted nor rejected nor duplicates"
    ),
}
KNOWN = frozenset(_COUNTED) | frozenset(_SHARES)


def sentence(check: Check) -> str:
    """
    >>> about = {"at_least": None, "holds": False, "is_judgement": True}
    >>> found = {"table": "lake.shelf.products", "expectation": "products_vanished", **about}
    >>> sentence({**found, "measured": 0.614, "at_most": 0.5})
    'products: 61.4% of the products of the last release are gone; at most 50% is allowed.'
    """
    name, table = check["expectation"], check["table"]
    where = table.rpartition(".")[2]
    if check["measured"] is None:
        return f"{where}: {name} could not be measured, so nobody knows whether it holds."
    is_share = name in _SHARES
    told = _OF_A_TABLE.get((table, name)) or {**_COUNTED, **_SHARES}.get(name)
    if told is None:
        return f"{where}: {name} is {check['measured']:,g}; {_allowed(check)}."
    said = told.format(n=amount(check["measured"], is_share=is_share))
    most = check["at_most"]
    limit = f"; at most {amount(most, is_share=is_share)} is allowed" if most else ""
    return f"{where}: {said}{limit}."


def amount(value: float, *, is_share: bool) -> str:
    """
    >>> amount(0.2, is_share=True), amount(0.3149, is_share=True), amount(0.0002, is_share=True)
    ('20%', '31.5%', '0.02%')
    >>> amount(1234.0, is_share=False)
    '1,234'
    """
    if is_share:
        # What is less than a hundredth is something all the same.
        digits = ".2g" if 0 < abs(value) < 0.01 else ".1f"
        return f"{100 * value:{digits}}".removesuffix(".0") + "%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def is_share(expectation: str) -> bool:
    return expectation in _SHARES


def _allowed(check: Check) -> str:
    least, most = check["at_least"], check["at_most"]
    bounds = [f"at least {least:,g}"] if least is not None else []
    bounds += [f"at most {most:,g}"] if most is not None else []
    return f"{' and '.join(bounds) or 'nothing'} is allowed"
