"""The expectations of each published table; every measure is a SQL aggregate over its rows."""

from collections.abc import Iterable, Mapping, Sequence

from nightshelf.names import (
    PRODUCT_DESCRIPTION,
    PRODUCT_EMBEDDING,
    PRODUCT_INSIGHT,
    REVIEW_EMBEDDING,
    REVIEW_SENTIMENT,
)
from nightshelf.quality.expectations import Expectation
from nightshelf.quality.proved_texts import proved_texts
from nightshelf.settings import Settings

_UNANSWERED = Expectation(
    "rows_without_answer",
    "count_if(status IS NULL OR (status <> 'answered' AND reason IS NULL))",
    at_most=0,
)
_UNSIGNED = Expectation(
    "rows_without_provenance",
    "count_if(key IS NULL OR model_version IS NULL OR run IS NULL)",
    at_most=0,
)
_ONE_MODEL = Expectation("model_versions", "count(DISTINCT model_version)", at_most=1)
_FINITE = Expectation(
    "vectors_not_finite",
    "count_if(exists(vector, x -> x IS NULL OR isnan(x) OR abs(x) = float('inf')))",
    at_most=0,
)
_UNIT = Expectation(
    "vectors_not_of_unit_norm",
    "count_if(abs(sqrt(aggregate(vector, 0D, (sum, x) -> sum + x * x)) - 1) > 0.001)",
    at_most=0,
)
_PROBABILITIES = Expectation(
    "scores_not_probabilities",
    "count_if(exists(scores, x -> x.score IS NULL OR isnan(x.score)"
    " OR NOT x.score BETWEEN 0 AND 1))",
    at_most=0,
)
_LIKELIEST = Expectation(
    "labels_not_the_likeliest",
    "count_if(status = 'answered' AND NOT coalesce(exists(scores, x -> x.label = label"
    " AND x.score >= array_max(transform(scores, y -> y.score))), false))",
    at_most=0,
)


def suites(
    settings: Settings, days: Iterable[str], classified: Mapping[str, str]
) -> Mapping[str, Sequence[Expectation]]:
    """
    For each shelf table what must hold on a run's branch; `days` are the run's, as SQL; a run
    without any has marked its rows by `is_chosen`.

    `classified` maps the table of a classifier to the field of its ids.
    """
    failed = _failed_share(settings.max_failed_share, ", ".join(days))
    return {
        REVIEW_SENTIMENT: (
            _unique("review_id"),
            _UNANSWERED,
            _UNSIGNED,
            failed,
            Expectation(
                "probabilities_not_a_distribution",
                "count_if(abs(p_negative + p_neutral + p_positive - 1) > 0.001)",
                at_most=0,
            ),
            Expectation(
                "labels_not_the_likeliest",
                "count_if(greatest(p_negative, p_neutral, p_positive) > CASE label"
                " WHEN 'negative' THEN p_negative WHEN 'neutral' THEN p_neutral"
                " WHEN 'positive' THEN p_positive ELSE -1 END)",
                at_most=0,
            ),
        ),
        REVIEW_EMBEDDING: _vectors("review_id", failed),
        PRODUCT_EMBEDDING: _vectors("product_id", failed),
        PRODUCT_INSIGHT: (
            _unique("as_of, product_id"),
            Expectation("more_answers_than_reviews", "count_if(answered > reviews)", at_most=0),
            Expectation(
                "shares_that_do_not_add_up",
                "count_if(answered > 0"
                " AND abs(share_negative + share_neutral + share_positive - 1) > 0.001)",
                at_most=0,
            ),
        ),
        PRODUCT_DESCRIPTION: (
            *(_unique("product_id"), _UNANSWERED, _UNSIGNED, failed),
            *proved_texts(settings),
        ),
        **{table: _scores(id_field, failed) for table, id_field in classified.items()},
    }


def _scores(id_field: str, failed: Expectation) -> tuple[Expectation, ...]:
    return (_unique(id_field), _UNANSWERED, _UNSIGNED, failed, _PROBABILITIES, _LIKELIEST)


def _vectors(id_field: str, failed: Expectation) -> tuple[Expectation, ...]:
    unique = _unique(id_field)
    return (unique, _UNANSWERED, _UNSIGNED, failed, _ONE_MODEL, _FINITE, _UNIT)


def _unique(columns: str) -> Expectation:
    return Expectation("duplicate_ids", f"count(*) - count(DISTINCT {columns})", at_most=0)


def _failed_share(at_most: float, days: str) -> Expectation:
    """
    Over the run's own rows; a single failure never holds a night, however small.

    Those of a run without days are marked.
    """
    tonight = f"landing_date IN ({days})" if days else "is_chosen"
    failed = f"greatest(count_if(status = 'failed' AND {tonight}) - 1, 0)"
    measure = f"coalesce({failed} / nullif(count_if({tonight}), 0), 0)"
    return Expectation("failed_share", measure, at_most=at_most, is_judgement=True)
