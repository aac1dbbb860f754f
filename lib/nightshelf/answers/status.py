"""How an answer can end."""

ANSWERED = "answered"
ABSTAINED = "abstained"
FAILED = "failed"
STATUSES = (ANSWERED, ABSTAINED, FAILED)
#: How a text that was written came to its end: by itself, or because it might not be longer.
STOP, LENGTH = FINISHES = ("stop", "length")
#: Of a published row only: a cap has left its text out, and no model was asked.
DEFERRED = "deferred"

#: Reasons that may have passed by the next night; all others are of the text or the model.
TRANSIENT = (
    *("DeadlinePassed", "HostLost"),
    # Of remote models; a test holds them against models.remote.failures.
    *("RateLimited", "ServerBusy", "ServerFailed", "NotConnected", "ConnectionLost", "BodyStalled"),
    *("MalformedReply", "WrongModel", "EchoMissing", "AnswersConflict", "NotInBatch"),
)
#: So often a text that failed for such a reason is asked again.
RETRIES = 3
