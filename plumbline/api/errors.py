"""How the entrance refuses, before any surface is asked.

InvalidInput    MethodNotAllowed (405), RequestTimedOut (408)
NotFound        AddressMissing (404)
RateLimited     ServerBusy (503)

The others are raised further down and get their HTTP status in `STATUS_OF_CODE`.
"""

from __future__ import annotations

from plumbline.api.graphql_kit.errors import RequestTooLarge
from plumbline.kit.errors import InvalidInput, NotFound, RateLimited, Refusal

STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "NOT_FOUND": 404, "CONFLICT": 409, "RATE_LIMITED": 429}


class MethodNotAllowed(InvalidInput):
    """The address exists and takes other methods."""


class RequestTimedOut(InvalidInput):
    """The body did not arrive in time."""


class AddressMissing(NotFound):
    """Nothing is served at this address."""


class ServerBusy(RateLimited):
    """More requests wait than the server will answer soon."""


_STATUS_OF_CLASS: dict[type[Refusal], int] = {
    MethodNotAllowed: 405,
    RequestTimedOut: 408,
    RequestTooLarge: 413,
    ServerBusy: 503,
}


def http_status(refusal: Refusal) -> int:
    """Of a request that was refused as a whole."""
    return _STATUS_OF_CLASS.get(type(refusal)) or STATUS_OF_CODE.get(refusal.code, 400)
