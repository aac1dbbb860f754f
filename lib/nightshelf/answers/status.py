"""How an answer can end."""

ANSWERED = "answered"
ABSTAINED = "abstained"
FAILED = "failed"
STATUSES = (ANSWERED, ABSTAINED, FAILED)

#: Reasons that may have passed by the next night; all others are of the text or the model.
TRANSIENT = ("DeadlinePassed", "HostLost")
#: So often a text that failed for such a reason is asked again.
RETRIES = 3
