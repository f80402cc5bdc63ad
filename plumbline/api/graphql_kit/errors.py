"""Why a GraphQL request is refused before or beside its resolvers.

    InvalidInput
    ├── MalformedRequest            the body is not a GraphQL request
    │   ├── UnsupportedContentType  415
    │   └── RequestTooLarge         413
    ├── UnknownOperation            operationName names nothing in the document, or is needed and missing
    ├── ConflictingAliases          aliases whose sub-selections contradict each other
    ├── IntrospectionDisabled       this caller may not read the schema
    ├── RequestTooSlow              stopped by the clock
    └── LimitExceeded               one of `limits.Limits`; each limit has its own reason
        ├── DocumentTooLarge, TooManyTokens, QueryTooDeep, TooManyRootFields
        ├── TooManyFields, TooManyAliases, TooManyDirectives, IntrospectionTooLarge
        └── PageTooLarge, TooManyNodes, QueryTooCostly

All are faults of the request: code BAD_USER_INPUT, and the reason is the name.
"""

from __future__ import annotations

from plumbline.kit.errors import InvalidInput


class MalformedRequest(InvalidInput):
    """The body is not a GraphQL request: broken JSON, a missing query, a member of the wrong type."""


class UnsupportedContentType(MalformedRequest):
    """Only JSON is read: a form of another site can send every other type without asking the browser's permission first."""


class RequestTooLarge(MalformedRequest):
    """The body exceeds the bound in bytes."""


class UnknownOperation(InvalidInput):
    """No operation of that name, or several to choose from and no name."""


class ConflictingAliases(InvalidInput):
    """One field under several aliases, with contradicting fields below."""


class IntrospectionDisabled(InvalidInput):
    """The schema is shown to signed-in callers only."""


class LimitExceeded(InvalidInput):
    """Limit and value are in the message; the limit is in `expected` as well."""

    def __init__(self, subject: str, *, value: int, limit: int, hint: str | None = None) -> None:
        super().__init__(f"{subject}: {value}; the limit is {limit}.", expected=f"at most {limit}", hint=hint)


class DocumentTooLarge(LimitExceeded):
    pass


class TooManyTokens(LimitExceeded):
    pass


class QueryTooDeep(LimitExceeded):
    pass


class TooManyRootFields(LimitExceeded):
    pass


class TooManyFields(LimitExceeded):
    pass


class TooManyAliases(LimitExceeded):
    pass


class TooManyDirectives(LimitExceeded):
    pass


class IntrospectionTooLarge(LimitExceeded):
    pass


class PageTooLarge(LimitExceeded):
    pass


class TooManyNodes(LimitExceeded):
    pass


class QueryTooCostly(LimitExceeded):
    pass


class RequestTooSlow(InvalidInput):
    """The query was stopped by the clock, between two fields."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query ran longer than {seconds:g} s and was stopped.",
            expected=f"at most {seconds:g} s",
            hint="Ask for smaller pages or fewer fields.",
        )
