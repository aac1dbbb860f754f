"""SQL that counts what is asked for, and what of it is known."""

from collections.abc import Iterable, Mapping

from nightshelf.lakehouse import sql


def asked_keys(version: str, views: Iterable[str]) -> str:
    """The key of each row of `views`, for this version's answer."""
    key = sql.answer_key(version)
    return " UNION ALL ".join(f"SELECT {key} AS key FROM {sql.name(view)}" for view in views)


def count_asked(questions: Mapping[str, str]) -> str:
    """
    `question`, `rows` and distinct `contents` of each of `questions`, which maps it to a select of
    its keys.
    """
    return " UNION ALL ".join(
        f"""SELECT '{sql.name(question)}' AS question, count(*) AS rows,
            count(DISTINCT key) AS contents FROM ({keys})"""
        for question, keys in questions.items()
    )


def count_settled(questions: Mapping[str, tuple[str, str]]) -> str:
    """
    `question` and `reused` of each of `questions`, which maps it to selects of its keys and of
    those that are settled.
    """
    return " UNION ALL ".join(
        f"""SELECT '{sql.name(question)}' AS question, count(DISTINCT k.key) AS reused
            FROM ({keys}) k LEFT SEMI JOIN ({settled}) s ON s.key = k.key"""
        for question, (keys, settled) in questions.items()
    )
