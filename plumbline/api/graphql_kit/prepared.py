"""One operation of a cached document, with everything that requests for it have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from graphql import FragmentDefinitionNode, GraphQLSchema, NonNullTypeNode, OperationDefinitionNode, OperationType
from graphql.execution.collect_fields import CollectedFields, FragmentDetails

from plumbline.api.graphql_kit.page_sizes import PagedFields
from plumbline.api.graphql_kit.plans import Plan
from plumbline.api.graphql_kit.selection import Shapes, switch_variables

PLANS_MAX = 128
"""Plans per operation. A plan costs about a millisecond to compile and some kilobytes to keep, and the caller chooses how many
combinations of `@skip` and `@include` it sends; beyond the bound graphql-core completes the values."""
COLLECTED_MAX = 512

Value = TypeVar("Value")


class BoundedTable(Generic[Value]):
    """Keeps what it makes until it is full, and then answers `when_full`. Two threads may make the same value; the last is kept."""

    def __init__(self, entries_max: int, when_full: Callable[[Callable[[], Value]], Value]) -> None:
        self._entries: dict[Hashable, Value] = {}
        self._entries_max = entries_max
        self._when_full = when_full

    def get_or_make(self, key: Hashable, make: Callable[[], Value]) -> Value:
        try:
            return self._entries[key]
        except KeyError:
            pass
        if len(self._entries) >= self._entries_max:
            return self._when_full(make)
        made = self._entries[key] = make()
        return made


def _no_plan(_make: Callable[[], Plan | None]) -> Plan | None:
    return None


def _make_again(make: Callable[[], CollectedFields]) -> CollectedFields:
    return make()


@dataclass(slots=True)
class PreparedOperation:
    """Read by many threads. The tables grow; nothing else changes."""

    node: OperationDefinitionNode
    fragment_definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    switches: tuple[str, ...]
    """Variables of `@skip` and `@include`: the only ones on which the set of selected fields depends."""
    nullable_variables: frozenset[str]
    """Variables whose declared type takes null."""
    shapes: Shapes
    paged: PagedFields
    plans: BoundedTable[Plan | None] = field(default_factory=lambda: BoundedTable(PLANS_MAX, _no_plan))
    collected: BoundedTable[CollectedFields] = field(default_factory=lambda: BoundedTable(COLLECTED_MAX, _make_again))

    @property
    def is_mutation(self) -> bool:
        return self.node.operation is OperationType.MUTATION


def prepare_operation(
    schema: GraphQLSchema, node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> PreparedOperation:
    """For an operation that validation has passed."""
    switches = switch_variables(node, fragments)
    declared = node.variable_definitions or ()
    return PreparedOperation(
        node=node,
        fragment_definitions=fragments,
        fragments={name: FragmentDetails(fragment) for name, fragment in fragments.items()},
        switches=switches,
        nullable_variables=frozenset(
            variable.variable.name.value for variable in declared if not isinstance(variable.type, NonNullTypeNode)
        ),
        shapes=Shapes(schema, fragments, switches),
        paged=PagedFields(schema, node, fragments),
    )
