"""The server's address: TLS unless it is this machine, and nothing secret in it."""

import ipaddress

import httpx

from nightshelf.errors import SettingsError

_FORM = "use an address such as https://api.example.org/v1"


def checked_url(text: str) -> httpx.URL:
    """
    Up to and with `/v1`; raise `SettingsError`, without the address where it may hold a secret.

    >>> str(checked_url("http://127.0.0.1:8000/v1"))
    'http://127.0.0.1:8000/v1/'
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, TypeError):
        raise SettingsError(f"NIGHTSHELF_REMOTE_URL: {_FORM}") from None
    if url.userinfo or url.query or url.fragment:
        raise SettingsError(
            f"NIGHTSHELF_REMOTE_URL: no user, password or query in it; {_FORM}, and put the key"
            " into the variable that NIGHTSHELF_REMOTE_KEY_VARIABLE names"
        )
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(f"NIGHTSHELF_REMOTE_URL={text}: {_FORM}")
    if url.scheme == "http" and not is_loopback(url.host):
        raise SettingsError(
            f"NIGHTSHELF_REMOTE_URL={text}: texts and key would travel in the clear; use https, or"
            " a server on this machine"
        )
    return url.copy_with(path=url.path.rstrip("/") + "/")


def is_loopback(host: str) -> bool:
    """
    >>> is_loopback("localhost"), is_loopback("127.8.8.8"), is_loopback("::1")
    (True, True, True)
    >>> is_loopback("127.0.0.1.example.org"), is_loopback("10.0.0.1")
    (False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
