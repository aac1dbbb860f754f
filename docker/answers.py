"""Exits 0 when the address given answers with HTTP 200: a health check without curl."""

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=8) as answer:  # noqa: S310  from the compose file
    sys.exit(answer.status != 200)
