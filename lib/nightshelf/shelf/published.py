"""The tables that hold each current row of a data set once, with what one question says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nightshelf import names
from nightshelf.lakehouse.tables import TABLES, TableSpec, classified_spec
from nightshelf.models.classifier_choice import ClassifierChoice


class Lane(NamedTuple):
    """
    What a night works on for some tables: views are named by it.

    `dataset` is "reviews" or "catalog"; `question` says which of its answers show that a
    published row has to be taken up again, and `shelf` which table shows what was published.
    """

    name: str
    dataset: str
    question: str
    shelf: str

    @property
    def is_added(self) -> bool:
        """Then it may have been added to a lake that is full of rows."""
        return self.name != self.dataset

    @property
    def reads_requests(self) -> bool:
        """Then a text is not the row's own, but what the shop's rules make of the row."""
        return self.question == names.DESCRIPTION

    @property
    def id_field(self) -> str:
        return names.ID_FIELDS[self.dataset]

    @property
    def same(self) -> tuple[str, ...]:
        """A published row in which these are a current version's is that version's, id first."""
        judged = ("judged_by",) if self.reads_requests else ()
        return (self.id_field, "landing_date", "file", "row", "content_key", *judged)


@dataclass(frozen=True)
class Published:
    """`columns` are those of `question`'s answers that `table` shows."""

    table: str
    question: str
    columns: tuple[str, ...]
    lane: Lane
    spec: TableSpec


_REVIEWS = Lane("reviews", "reviews", names.SENTIMENT, names.REVIEW_SENTIMENT)
_PRODUCTS = Lane("catalog", "catalog", names.EMBEDDING, names.PRODUCT_EMBEDDING)
_DESCRIBED = Lane(
    f"catalog_{names.DESCRIPTION}", "catalog", names.DESCRIPTION, names.PRODUCT_DESCRIPTION
)
_PREFIX = {"reviews": "review", "catalog": "product"}


def _shown(table: str, question: str, lane: Lane, *columns: str) -> Published:
    return Published(table, question, columns, lane, TABLES[table])


ENCODER_TABLES = (
    _shown(
        *(names.REVIEW_SENTIMENT, names.SENTIMENT, _REVIEWS),
        *("label", "p_negative", "p_neutral", "p_positive"),
    ),
    _shown(names.REVIEW_EMBEDDING, names.EMBEDDING, _REVIEWS, "vector"),
    _shown(names.PRODUCT_EMBEDDING, names.EMBEDDING, _PRODUCTS, "vector"),
)


#: What a generator answers is judged before it is shown: its own columns are those of the draft.
DESCRIPTION_TABLE = _shown(
    names.PRODUCT_DESCRIPTION, names.DESCRIPTION, _DESCRIBED, "text", "language", "finish"
)


def published(
    classifiers: Iterable[ClassifierChoice], *, describes: bool = False
) -> tuple[Published, ...]:
    """The tables of the encoder's questions, one a classifier, and that of descriptions."""
    described = (DESCRIPTION_TABLE,) if describes else ()
    return (*ENCODER_TABLES, *map(_of_classifier, classifiers), *described)


def shelf_specs(tables: Iterable[Published]) -> Mapping[str, TableSpec]:
    """All tables that a release names: these, and what is computed from them."""
    insight = {names.PRODUCT_INSIGHT: TABLES[names.PRODUCT_INSIGHT]}
    return {one.table: one.spec for one in tables} | insight


def _of_classifier(choice: ClassifierChoice) -> Published:
    question, dataset = choice.question, choice.about
    table = f"lake.shelf.{_PREFIX[dataset]}_{question}"
    lane = Lane(f"{dataset}_{question}", dataset, question, table)
    return Published(table, question, ("label", "labels", "scores"), lane, classified_spec(dataset))
