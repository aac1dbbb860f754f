from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nightshelf.errors import NightshelfError
from nightshelf.ops import runs
from nightshelf.ops.activations import Activation, activate, activations, newest_activations
from nightshelf.ops.database import open_ops
from nightshelf.ops.schema import ACTIVATIONS

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def word(question, version):
    return Activation(question=question, id=version, who="ann", at=NOW, is_explicit=True)


@pytest.mark.parametrize(
    ("words", "active"),
    [
        ([], {}),
        ([("a", "1")], {"a": "1"}),
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a", "1"), ("b", "2"), ("a", "3"), ("a", "1")], {"a": "1", "b": "2"}),
    ],
)
def test_the_last_word_on_a_question_counts_and_all_are_kept(ops, words, active):
    for one in words:
        activate(ops, word(*one))
    assert {name: one.id for name, one in newest_activations(ops).items()} == active
    kept = [(question, one.id) for question in active for one in activations(ops, question)]
    assert sorted(kept) == sorted(words)


def test_of_two_at_one_moment_one_is_told_to_look_again(ops):
    pending = [ACTIVATIONS]

    @sa.event.listens_for(ops, "before_execute")
    def another_comes_first(connection, statement, *_):
        if isinstance(statement, sa.Insert) and statement.table in pending:
            pending.clear()
            first = statement.values(number=1, **vars(word("a", "first")))
            connection.execute(first)

    with pytest.raises(NightshelfError, match="another version of a was activated at this moment"):
        activate(ops, word("a", "second"))


def test_how_a_version_was_named_is_kept_up_to_date(ops):
    about = {"question": "q", "id": "m", "name": "n", "revision": "r", "licence": "MIT"}
    about |= {"identity": {}, "registered_by": "ann", "registered_at": NOW}
    for run, place in (("one", {"at": "here"}), ("two", None), ("three", {"at": "there"})):
        runs.register_model(ops, run, {**about, "choice": place})
    [row] = runs.model_ids(ops, "q")
    assert (row["first_run"], row["choice"], row["registered_by"]) == (
        "one",
        {"at": "there"},
        "ann",
    )


OLD_TABLES = """
CREATE TABLE models (question VARCHAR NOT NULL, id VARCHAR NOT NULL, name VARCHAR NOT NULL,
    revision VARCHAR NOT NULL, licence VARCHAR NOT NULL, identity JSON NOT NULL,
    first_run VARCHAR NOT NULL, PRIMARY KEY (question, id))
"""


def test_a_database_of_before_goes_on(tmp_path):
    uri = f"sqlite:///{tmp_path / 'old.db'}"
    with sa.create_engine(uri).begin() as db:
        db.exec_driver_sql(OLD_TABLES)
        db.exec_driver_sql("INSERT INTO models VALUES ('q', 'm', 'n', 'r', 'MIT', '{}', 'one')")
    ops = open_ops(uri)
    [row] = runs.model_ids(ops, "q")
    assert (row["choice"], row["registered_at"]) == (None, None)
    assert newest_activations(ops) == {}
