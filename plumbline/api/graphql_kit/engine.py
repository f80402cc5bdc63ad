"""The one way from a request to an answer, the same for every GraphQL surface."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from graphql import ExecutionResult, get_variable_values

from plumbline.api.graphql_kit.documents import Document, DocumentCache
from plumbline.api.graphql_kit.error_answers import (
    ErrorEntry,
    entries_of_document_errors,
    entries_of_field_errors,
    entries_of_refusals,
    entries_of_variable_errors,
    fault_entry,
)
from plumbline.api.graphql_kit.errors import RequestTooLarge, RequestTooSlow, UnsupportedContentType
from plumbline.api.graphql_kit.fast_executor import FOREVER, FastExecutor, OutOfTime
from plumbline.api.graphql_kit.limits import Limits
from plumbline.api.graphql_kit.prepared import PreparedOperation
from plumbline.api.graphql_kit.request import BODY_BYTES_MAX, GraphQLRequest, parse_request
from plumbline.api.graphql_kit.schema import ExecutableSchema
from plumbline.kit.errors import Refusal
from plumbline.kit.ids import IdSource, random_id

ANSWER_CONTENT_TYPE = "application/json; charset=utf-8"
VARIABLE_ERRORS_MAX = 20


@dataclass(frozen=True, slots=True)
class Response:
    """200 when the operation was run, also with errors; 400, 413 or 415 when it was not."""

    status: int
    body: bytes
    content_type: str = ANSWER_CONTENT_TYPE


class Engine:
    """A schema with its limits and its cached documents; one per surface, shared by all threads."""

    def __init__(
        self,
        schema: ExecutableSchema,
        *,
        limits: Limits | None = None,
        use_plans: bool = True,
        entries_max: int = 1_000,
        bytes_max: int = 64 * 2**20,
        body_bytes_max: int = BODY_BYTES_MAX,
        monotonic: Callable[[], float] = time.monotonic,
        ids: IdSource = random_id,
    ) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self.use_plans = use_plans
        self.documents = DocumentCache(schema, self.limits, entries_max=entries_max, bytes_max=bytes_max)
        self.body_bytes_max = body_bytes_max
        self.monotonic = monotonic
        self.ids = ids

    def answer(self, body: bytes, content_type: str | None, context: object, *, shows_schema: bool = True) -> Response:
        """From the bytes of a POST to the bytes of its answer. Never raises."""
        try:
            request = parse_request(body, content_type, body_bytes_max=self.body_bytes_max)
        except Refusal as refusal:
            return refused([refusal], status=_status_of(refusal))
        return execute_request(self, request, context, shows_schema=shows_schema)


def execute_request(engine: Engine, request: GraphQLRequest, context: object, *, shows_schema: bool = True) -> Response:
    """Runs one operation; resolvers get `context` as `info.context`. Never raises: a fault is masked and logged."""
    try:
        document = engine.documents.document(request.query, shows_schema=shows_schema)
        if document.is_refused:
            return _refused_document(document)
        operation = document.operation(request.operation_name)
        return _run(engine, operation, request, context)
    except Refusal as refusal:
        return refused([refusal])
    except Exception as fault:
        return _encoded(200, {"data": None, "errors": [fault_entry(fault, engine.ids)]})


def refused(refusals: Sequence[Refusal], *, status: int = 400) -> Response:
    """An answer to a request that was not run; surfaces use it with 401 and 429 too."""
    return _encoded(status, {"errors": entries_of_refusals(refusals)})


def _run(engine: Engine, operation: PreparedOperation, request: GraphQLRequest, context: object) -> Response:
    variables = get_variable_values(
        engine.schema.graphql,
        operation.node.variable_definitions or (),
        dict(request.variables),
        max_errors=VARIABLE_ERRORS_MAX,
    )
    if isinstance(variables, list):
        return _encoded(400, {"errors": entries_of_variable_errors(variables)})
    faults = operation.paged.faults(variables, engine.limits)
    if faults:
        return refused(faults)
    # A change is never cut off half-way by the clock; its statements have time-outs of their own.
    deadline = FOREVER if operation.is_mutation else engine.monotonic() + engine.limits.query_seconds_max
    executor = FastExecutor(
        engine.schema.graphql,
        operation,
        variables,
        context,
        use_plans=engine.use_plans,
        deadline=deadline,
        monotonic=engine.monotonic,
    )
    try:
        result = executor.execute_operation()
    except OutOfTime:
        too_slow = RequestTooSlow(engine.limits.query_seconds_max)
        return _encoded(200, {"data": None, "errors": entries_of_refusals([too_slow])})
    assert isinstance(result, ExecutionResult), "resolvers are synchronous"
    return _answered(engine, result)


def _answered(engine: Engine, result: ExecutionResult) -> Response:
    """A success carries no `errors` at all: clients test for the key, and an empty list counts as true in JavaScript."""
    if not result.errors:
        return _encoded(200, {"data": result.data})
    return _encoded(200, {"data": result.data, "errors": entries_of_field_errors(result.errors, engine.ids)})


def _refused_document(document: Document) -> Response:
    entries: list[ErrorEntry] = entries_of_refusals(document.refusals)
    return _encoded(400, {"errors": entries or entries_of_document_errors(document.errors)})


def _status_of(refusal: Refusal) -> int:
    if isinstance(refusal, UnsupportedContentType):
        return 415
    return 413 if isinstance(refusal, RequestTooLarge) else 400


def _encoded(status: int, answer: dict[str, object]) -> Response:
    try:
        return Response(status, orjson.dumps(answer))
    except TypeError:  # Integers beyond 64 bits inside JSON values, which orjson does not write.
        return Response(status, json.dumps(answer, allow_nan=False).encode())
