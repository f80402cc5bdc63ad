"""Proof by comparison: the same documents through plain graphql-core and through the fast executor must answer the same.

Run it over a surface's own schema and its own documents: it needs nothing but resolvers that answer the same twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, get_variable_values
from graphql.execution import Executor

from plumbline.api.graphql_kit.documents import read_document
from plumbline.api.graphql_kit.fast_executor import FastExecutor
from plumbline.api.graphql_kit.limits import Limits
from plumbline.api.graphql_kit.prepared import PreparedOperation
from plumbline.api.graphql_kit.schema import ExecutableSchema

WITHOUT_LIMITS = Limits(
    document_bytes_max=2**20,
    depth_max=99,
    root_fields_max=10**6,
    fields_max=10**6,
    aliases_max=10**6,
    directives_max=10**6,
)


@dataclass(frozen=True, slots=True)
class Difference:
    text: str
    variables: Mapping[str, Any]
    plain: object
    fast: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """`plans_used` and `with_errors` tell whether the comparison has tried what it is about."""

    documents: int
    invalid: int
    with_errors: int
    plans_used: int
    plans_failed: int
    differences: tuple[Difference, ...]


def differential(
    schema: ExecutableSchema,
    documents: Iterable[tuple[str, Mapping[str, Any]]],
    execute_context: Callable[[], object],
    *,
    root: Callable[[], object] = lambda: None,
) -> Comparison:
    """Runs each document (text, variables) three times: plain, fast with cold plans, fast with warm ones.

    `execute_context` makes the context of one run, so that each starts from the same state. Invalid documents are counted only."""
    seen = invalid = with_errors = used = failed = 0
    differences: list[Difference] = []
    for text, variables in documents:
        seen += 1
        document = read_document(schema.graphql, text, WITHOUT_LIMITS)
        if document.is_refused:
            invalid += 1
            continue
        for operation in document.operations.values():
            plain = _outcome(_plain(schema, operation, variables, execute_context(), root()))
            with_errors += bool(plain[1])
            for _ in ("cold", "warm"):
                executor = _fast(schema, operation, variables, execute_context(), root())
                fast = _outcome(executor.execute_operation() if executor else None)
                if executor:
                    used, failed = used + executor.plans_used, failed + executor.plans_failed
                if repr(plain) != repr(fast):
                    differences.append(Difference(text, variables, plain, fast))
    return Comparison(seen, invalid, with_errors, used, failed, tuple(differences))


def _plain(
    schema: ExecutableSchema, operation: PreparedOperation, variables: Mapping[str, Any], context: object, root: object
) -> object:
    coerced = get_variable_values(schema.graphql, operation.node.variable_definitions or (), dict(variables))
    if isinstance(coerced, list):
        return None
    fast = FastExecutor(schema.graphql, operation, coerced, context, root=root)
    return Executor(
        schema.graphql,
        operation.fragment_definitions,
        operation.fragments,
        root,
        context,
        operation.node,
        coerced,
        fast.field_resolver,
        fast.type_resolver,
        fast.subscribe_field_resolver,
    ).execute_operation()


def _fast(
    schema: ExecutableSchema, operation: PreparedOperation, variables: Mapping[str, Any], context: object, root: object
) -> FastExecutor | None:
    coerced = get_variable_values(schema.graphql, operation.node.variable_definitions or (), dict(variables))
    return None if isinstance(coerced, list) else FastExecutor(schema.graphql, operation, coerced, context, root=root)


def _outcome(result: object) -> tuple[object, list[object]]:
    """Data with its order and types, and errors with message, path and place; None for variables that cannot be coerced."""
    if not isinstance(result, ExecutionResult):
        return (None, [])
    errors: list[object] = [(error.message, error.path, error.locations) for error in result.errors or ()]
    return (result.data, errors)
