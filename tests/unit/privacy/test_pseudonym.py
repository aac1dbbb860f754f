import pytest

from nightshelf.privacy.pseudonym import customer_hash


def test_it_is_hmac_sha256():
    # RFC 4231, test case 2
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert customer_hash(b"Jefe", "what do ya want for nothing?") == expected


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="secret is empty"):
        customer_hash(b"", "c-1")
