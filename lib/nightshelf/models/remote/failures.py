"""Why a server's reply to one row is not an answer; the name of the class is the row's reason."""

from typing import TYPE_CHECKING, ClassVar

from nightshelf.errors import RemoteFailure

if TYPE_CHECKING:
    from nightshelf.models.remote.tokens import TokenCount


class Unanswered(RemoteFailure):
    """
    `after`: seconds that the server asked us to wait. `count`: tokens it says it has charged.

    `is_transient`: may have passed the next time. `is_servers`: the server itself is unwell, which
    the circuit breaker counts. `is_charged`: it may have computed and charged for it all the same.
    """

    is_transient: ClassVar[bool] = True
    is_servers: ClassVar[bool] = True
    is_charged: ClassVar[bool] = True

    def __init__(self, after: float | None = None, count: "TokenCount | None" = None) -> None:
        super().__init__(type(self).__name__)
        self.after = after
        self.count = count

    @property
    def reason(self) -> str:
        """
        >>> RateLimited(after=2.0).reason
        'RateLimited'
        """
        return type(self).__name__


class RateLimited(Unanswered):
    """429: it lives and has not taken the request."""

    is_servers = False
    is_charged = False


class ServerBusy(Unanswered):
    """503: it has not taken the request."""

    is_charged = False


class ServerFailed(Unanswered):
    """Another 5xx, or a status that nobody expects here."""


class NotFound(ServerFailed):
    """404: of a row it is a failure like others, of a file or a batch it means what it says."""

    @property
    def reason(self) -> str:
        return ServerFailed.__name__


class NotConnected(Unanswered):
    """No connection, so nothing was sent."""

    is_charged = False


class ConnectionLost(Unanswered):
    """Reset, or cut, before the whole reply was there."""


class BodyStalled(Unanswered):
    """The reply stopped arriving, or never ended."""


class DeadlinePassed(Unanswered):
    """The row's time is up."""


class MalformedReply(Unanswered):
    """Not JSON, not of its type, not exactly one choice, or with the API key in it."""


class WrongModel(Unanswered):
    """The server says that another model than the pinned one has answered."""


class EchoMissing(Unanswered):
    """The answer does not repeat the code of its own content: it is another row's."""

    is_servers = False


class AnswersConflict(Unanswered):
    """Two different answers came under one id, so neither is accepted."""

    is_servers = False


class NotInBatch(Unanswered):
    """The batch ended, by itself or by us, without a word on this row."""

    is_servers = False


class NotBegun(NotInBatch):
    """The batch's end came before the row; nothing was computed for it."""

    is_charged = False

    @property
    def reason(self) -> str:
        return NotInBatch.__name__


class TextTooLong(Unanswered):
    """It has more bytes than settings allow, and half of it says something else: not asked."""

    is_transient = False
    is_servers = False
    is_charged = False


class RequestRefused(Unanswered):
    """400, 413, 422, or any 4xx of a batch's row: the same request would be refused again."""

    is_transient = False
    is_servers = False
    is_charged = False


class AnswerTruncated(Unanswered):
    """It was cut off at the token limit; a part is never an answer."""

    is_transient = False
    is_servers = False


class ContentFiltered(Unanswered):
    """The server's own filter has ended the answer."""

    is_transient = False
    is_servers = False


ALL = (
    *(RateLimited, ServerBusy, ServerFailed, NotConnected, ConnectionLost, BodyStalled),
    *(DeadlinePassed, MalformedReply, WrongModel, EchoMissing, AnswersConflict, NotInBatch),
    *(TextTooLong, RequestRefused, AnswerTruncated, ContentFiltered),
)
