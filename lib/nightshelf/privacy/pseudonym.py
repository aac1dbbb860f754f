"""Customers under a pseudonym that only the lake's secret could tie to them."""

import hashlib
import hmac


def customer_hash(secret: bytes, customer_id: str) -> str:
    """
    64 hex digits of HMAC-SHA-256; `ValueError` for an empty secret, which would hide nobody.

    >>> customer_hash(b"secret", "c-1") == customer_hash(b"secret", "c-1")
    True
    >>> customer_hash(b"secret", "c-1") == customer_hash(b"other", "c-1")
    False
    """
    if not secret:
        raise ValueError("the secret is empty; `nightshelf` makes one when a lake is set up")
    return hmac.new(secret, customer_id.encode(), hashlib.sha256).hexdigest()
