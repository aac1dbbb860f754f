"""How an answer can end."""

ANSWERED = "answered"
ABSTAINED = "abstained"
FAILED = "failed"
STATUSES = (ANSWERED, ABSTAINED, FAILED)
