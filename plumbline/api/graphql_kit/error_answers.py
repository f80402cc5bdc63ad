"""From refusals, faults and graphql-core's errors to entries of the `errors` list.

    {"message", "path"?, "locations"?,
     "extensions": {"code", "classification", "reason"?, "inputPath"?, "expected"?, "hint"?, "place"?, "page"?,
                    "retryAfter"?, "errorId"?}}

Only refusals and graphql-core's complaints about the request cross the wire. Everything else is a fault of ours: one neutral message, an
error id, and the full trace in the log under that id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from graphql import GraphQLError, GraphQLSyntaxError, ValueNode

from plumbline.api.graphql_kit.documents import ERRORS_MAX
from plumbline.kit.errors import PathPart, RateLimited, Refusal
from plumbline.kit.ids import IdSource
from plumbline.kit.log import Log

CLASSIFICATIONS = {
    "BAD_USER_INPUT": "ValidationError",
    "UNAUTHENTICATED": "AuthenticationError",
    "FORBIDDEN": "AuthorizationError",
    "NOT_FOUND": "NotFoundError",
    "CONFLICT": "ConflictError",
    "RATE_LIMITED": "RateLimitError",
    "GRAPHQL_PARSE_FAILED": "ValidationError",
    "GRAPHQL_VALIDATION_FAILED": "ValidationError",
    "INTERNAL_SERVER_ERROR": "ServerError",
}
FAULT_MESSAGE = "Something went wrong on the server. The request was not at fault; the server's log has the details under the error id."

MESSAGE_MAX = 2_000
"""Characters of one message; graphql-core's messages quote from the document, which may hold a name of 16 KiB."""

log = Log("plumbline.api.graphql")


class ErrorEntry(TypedDict, total=False):
    message: str
    path: list[PathPart]
    locations: list[dict[str, int]]
    extensions: dict[str, object]


def entries_of_refusals(refusals: Iterable[Refusal]) -> list[ErrorEntry]:
    """For refusals of the request as a whole."""
    return bounded([_refusal_entry(each) for refusal in refusals for each in _with_others(refusal)])


def entries_of_document_errors(errors: Iterable[GraphQLError]) -> list[ErrorEntry]:
    """For syntax errors and validation errors: graphql-core's words, which quote the document and nothing of ours."""
    entries = []
    for error in errors:
        code = "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_VALIDATION_FAILED"
        entries.append(_entry(error.message, code, located=error))
    return bounded(entries)


def entries_of_variable_errors(errors: Iterable[GraphQLError]) -> list[ErrorEntry]:
    return bounded(
        [_entry(error.message, "BAD_USER_INPUT", located=error, reason="INVALID_VARIABLE") for error in errors]
    )


def entries_of_field_errors(errors: Sequence[GraphQLError], ids: IdSource) -> list[ErrorEntry]:
    """For errors met while fields were resolved. A fault that strikes many items of a list is logged and reported once."""
    entries: list[ErrorEntry] = []
    seen_faults: set[tuple[type, str, object]] = set()
    omitted = 0
    for error in errors:
        refusal = error.original_error
        if isinstance(refusal, Refusal):
            entries += [_refusal_entry(each, error) for each in _with_others(refusal)]
        elif _is_about_an_argument(error):
            entries.append(_entry(error.message, "BAD_USER_INPUT", located=error, reason="INVALID_ARGUMENT"))
        elif _is_first_of_its_kind(error, seen_faults) and len(seen_faults) <= ERRORS_MAX:
            entries.append(fault_entry(error.original_error or error, ids, located=error))
        else:
            omitted += 1
    return bounded(entries, omitted)


def fault_entry(fault: BaseException, ids: IdSource, located: GraphQLError | None = None) -> ErrorEntry:
    """Logs the trace and answers with the id under which it can be found."""
    error_id = ids()
    path = list(located.path) if located and located.path else None
    log.error("graphql_fault", error_id=error_id, path=path, exc_info=(type(fault), fault, fault.__traceback__))
    return _entry(FAULT_MESSAGE, "INTERNAL_SERVER_ERROR", located=located, errorId=error_id)


def bounded(entries: list[ErrorEntry], omitted: int = 0) -> list[ErrorEntry]:
    """The first errors; the last one shown says how many were left out."""
    omitted += max(0, len(entries) - ERRORS_MAX)
    shown = entries[:ERRORS_MAX]
    if omitted and shown:
        last = shown[-1]
        shown[-1] = {**last, "extensions": {**last["extensions"], "omittedErrors": omitted}}
    return shown


def _with_others(refusal: Refusal) -> Iterator[Refusal]:
    yield refusal
    for other in refusal.also:
        yield from _with_others(other)


def _refusal_entry(refusal: Refusal, located: GraphQLError | None = None) -> ErrorEntry:
    return _entry(
        refusal.message,
        refusal.code,
        located=located,
        reason=refusal.reason,
        inputPath=list(refusal.path) or None,
        expected=refusal.expected,
        hint=refusal.hint,
        place=None if refusal.place is None else refusal.place._asdict(),
        page=refusal.page,
        retryAfter=refusal.retry_after if isinstance(refusal, RateLimited) else None,
    )


def _entry(message: str, code: str, *, located: GraphQLError | None = None, **further: object) -> ErrorEntry:
    """One entry; further extensions that are None are left out."""
    entry: ErrorEntry = {"message": message if len(message) <= MESSAGE_MAX else message[:MESSAGE_MAX] + " …"}
    if located is not None and located.path is not None:
        entry["path"] = list(located.path)
    if located is not None and located.locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in located.locations[:ERRORS_MAX]]
    entry["extensions"] = {"code": code, "classification": CLASSIFICATIONS.get(code, "ValidationError")}
    entry["extensions"] |= {name: value for name, value in further.items() if value is not None}
    return entry


def _is_about_an_argument(error: GraphQLError) -> bool:
    """graphql-core blames the literal in the document when an argument cannot be coerced, and a field for everything else."""
    blamed = error.nodes[0] if error.nodes else None
    return isinstance(error.original_error, GraphQLError | None) and isinstance(blamed, ValueNode)


def _is_first_of_its_kind(error: GraphQLError, seen: set[tuple[type, str, object]]) -> bool:
    fault = error.original_error or error
    kind = (type(fault), str(fault)[:500], _field_of(error))
    if kind in seen:
        return False
    seen.add(kind)
    return True


def _field_of(error: GraphQLError) -> tuple[str, ...]:
    """The path without the indexes, so that items of one list count as one place."""
    return tuple(part for part in error.path or () if isinstance(part, str))
