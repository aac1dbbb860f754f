"""Tell a chat or a pager what needs a person, where a webhook is given."""

import httpx

from nightshelf.settings import ALERT_URL, process_environ

_SECONDS = 10.0


def alert(text: str, **about: str) -> str:
    """
    Post it as JSON, if a webhook is given; return what came of it, for a log.

    `text` is what chats of all kinds show; `about` are fields of their own. The address may be a
    secret, and is never shown.
    """
    url = process_environ().get(ALERT_URL)
    if not url:
        return f"nobody is told: {ALERT_URL} is not set"
    try:
        transport = httpx.HTTPTransport(retries=2)
        with httpx.Client(timeout=_SECONDS, transport=transport) as client:
            return _outcome(client.post(url, json=_message(text, about)))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _unsent(error)


def _message(text: str, about: dict[str, str]) -> dict[str, str]:
    return {"text": f"Nightshelf: {text}", **about}


def _outcome(answer: httpx.Response) -> str:
    if answer.is_success:
        return f"somebody was told by {ALERT_URL}"
    return f"nobody was told: what {ALERT_URL} names has answered {answer.status_code}"


def _unsent(error: Exception) -> str:
    return f"nobody was told: what {ALERT_URL} names is out of reach ({type(error).__name__})"
