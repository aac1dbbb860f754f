"""The content address: what was read, and by whom it was answered."""

import hashlib
import hmac

#: The same as `answer_key`, for Spark; a test holds the two together.
ANSWER_KEY_SQL = "sha2(concat({content_key}, ':', {model_version}), 256)"


def content_key(secret: bytes, content: str) -> str:
    """
    64 hex digits of HMAC-SHA-256 over the text that a model reads.

    Keyed with the lake's secret, so that nobody can test a guess at a customer's words.

    >>> content_key(b"s", "Lovely kettle") == content_key(b"s", "Lovely kettle ")
    False
    """
    return hmac.digest(secret, content.encode(), "sha256").hex()


def answer_key(content: str, model_version: str) -> str:
    """
    64 hex digits for one answer: `content` is a content key, `model_version` covers the question.

    >>> answer_key("c1", "m1") != answer_key("c1", "m2")
    True
    """
    return hashlib.sha256(f"{content}:{model_version}".encode()).hexdigest()
