"""Alerts, posted to a server of this process on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from nightshelf.services.alerts import alert
from nightshelf.settings import ALERT_URL, Settings

TOKEN = "t0k3n"  # noqa: S105  a fake


@pytest.fixture
def webhook():
    """A server that keeps what it is told, and answers as `status` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.told.append(json.loads(body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.told, server.status = [], 200
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def given(webhook, monkeypatch):
    def give(url):
        if url is not None:
            monkeypatch.setenv(ALERT_URL, url.format(port=webhook.server_port, token=TOKEN))

    return give


OURS = "http://127.0.0.1:{port}/{token}"


@pytest.mark.parametrize(
    ("url", "status", "said", "told"),
    [
        (None, 200, f"nobody is told: {ALERT_URL} is not set", 0),
        (OURS, 200, f"somebody was told by {ALERT_URL}", 1),
        (OURS, 204, f"somebody was told by {ALERT_URL}", 1),
        (OURS, 302, f"nobody was told: what {ALERT_URL} names has answered 302", 1),
        (OURS, 500, f"nobody was told: what {ALERT_URL} names has answered 500", 1),
        ("http://127.0.0.1:1/{token}", 200, "is out of reach (ConnectError)", 0),
        ("ftp://127.0.0.1/{token}", 200, "is out of reach (UnsupportedProtocol)", 0),
        ("http://127.0.0.1:{token}", 200, "is out of reach (InvalidURL)", 0),
    ],
)
def test_what_came_of_it_is_said_without_the_address(webhook, given, url, status, said, told):
    given(url)
    webhook.status = status
    found = alert("nightly failed", dag="nightly", state="failed")
    assert said in found
    assert TOKEN not in found
    message = {"text": "Nightshelf: nightly failed", "dag": "nightly", "state": "failed"}
    assert webhook.told == [message] * told


def test_the_address_is_no_setting_that_is_shown_or_handed_down(given):
    given(OURS)
    assert TOKEN not in repr(Settings.from_environ())
