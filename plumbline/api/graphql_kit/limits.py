"""How much one request may ask for. Counted after fragments are expanded, without expanding them.

A kilobyte of fragments that spread each other twice stands for a million fields. So every fragment is measured once, and the measure of
a selection is a sum over it and over the measures of the fragments it spreads; counts stop growing at `COUNT_MAX`.
`@skip` and `@include` are ignored and repeated fields count each time: the measure is an upper bound.
This runs before validation, which is itself expensive for documents beyond these limits; it therefore meets documents
with unknown and cyclic fragments, counts those as nothing, and leaves the complaint to validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode, SelectionSetNode
from graphql.language import SelectionNode

from plumbline.api.graphql_kit.errors import (
    IntrospectionTooLarge,
    LimitExceeded,
    QueryTooDeep,
    TooManyAliases,
    TooManyDirectives,
    TooManyFields,
    TooManyRootFields,
)
from plumbline.kit.paging import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX

COUNT_MAX = 1_000_000_000
NESTING_MAX = 100
"""Selection sets and fragment spreads inside one another, inline fragments included: bounds the recursion of everything downstream."""
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults serve people and integrations alike; each limit answers with a reason of its own."""

    document_bytes_max: int = 16 * 1024
    tokens_max: int = 2_000
    depth_max: int = 15
    """Fields inside one another; a root field has depth 1."""
    root_fields_max: int = 20
    fields_max: int = 2_000
    aliases_max: int = 50
    directives_max: int = 50
    introspection_depth_max: int = 30
    """Below `__schema` and `__type`, which the other depth does not count: the query of the usual tools is 13 deep."""
    introspection_fields_max: int = 1_000
    introspection_roots_max: int = 3
    """Each `__schema` may list the whole schema, which costs about as much as a page of a thousand components."""
    page_size_max: int = PAGE_SIZE_MAX
    page_size_default: int = PAGE_SIZE_DEFAULT
    unpaged_list_size: int = 5
    """What a list that takes no page size is assumed to hold, where it stands inside another list."""
    nodes_max: int = 20_000
    """List items in the answer, estimated from the page sizes."""
    cost_max: int = 400_000
    """Fields in the answer, estimated in the same way."""
    query_seconds_max: float = 10.0


class Measure(NamedTuple):
    """Upper bounds for one selection; the introspection counts are apart from the others."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    introspection_depth: int = 0
    introspection_fields: int = 0
    introspection_roots: int = 0


NO_MEASURE = Measure()


def check_operation(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits
) -> Iterator[LimitExceeded]:
    """Every limit that the text of an operation exceeds. Page sizes depend on variables and are checked with them, in `page_sizes`."""
    measuring = _Measuring(fragments)
    measure = measuring.operation(operation)
    root_fields = measuring.root_fields(operation.selection_set)
    too_deep = measure.depth > limits.depth_max or measuring.is_nested_too_far
    if too_deep:
        yield QueryTooDeep("The query is too deep", value=measure.depth, limit=limits.depth_max)
    if root_fields > limits.root_fields_max:
        yield TooManyRootFields("The query has too many root fields", value=root_fields, limit=limits.root_fields_max)
    if measure.fields > limits.fields_max:
        yield TooManyFields("The query selects too many fields", value=measure.fields, limit=limits.fields_max)
    if measure.aliases > limits.aliases_max:
        yield TooManyAliases("The query has too many aliases", value=measure.aliases, limit=limits.aliases_max)
    if measure.directives > limits.directives_max:
        yield TooManyDirectives(
            "The query has too many directives", value=measure.directives, limit=limits.directives_max
        )
    yield from _introspection_faults(measure, limits)


def _introspection_faults(measure: Measure, limits: Limits) -> Iterator[LimitExceeded]:
    checks = (
        ("The introspection is too deep", measure.introspection_depth, limits.introspection_depth_max),
        ("The introspection selects too many fields", measure.introspection_fields, limits.introspection_fields_max),
        ("The query introspects too often", measure.introspection_roots, limits.introspection_roots_max),
    )
    for subject, value, limit in checks:
        if value > limit:
            yield IntrospectionTooLarge(subject, value=value, limit=limit)


class _Measuring:
    """One walk. Fragments are memoised by name; what they hold does not depend on where they are spread."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._measured: dict[str, Measure] = {}
        self._root_fields: dict[str, int] = {}
        self.is_nested_too_far = False

    def operation(self, operation: OperationDefinitionNode) -> Measure:
        directives = len(operation.directives or ())
        directives += sum(len(variable.directives or ()) for variable in operation.variable_definitions or ())
        measure = self._selection_set(operation.selection_set, 1)
        return measure._replace(directives=measure.directives + directives)

    def _selection_set(self, selection_set: SelectionSetNode | None, nesting: int) -> Measure:
        if nesting > NESTING_MAX:
            self.is_nested_too_far = True
            return NO_MEASURE
        total = NO_MEASURE
        for selection in selection_set.selections if selection_set else ():
            total = _sum(total, self._selection(selection, nesting))
        return total

    def _selection(self, selection: SelectionNode, nesting: int) -> Measure:
        directives = len(selection.directives or ())
        if isinstance(selection, FragmentSpreadNode):
            below = self._fragment(selection.name.value, nesting + 1)
        else:
            below = self._selection_set(getattr(selection, "selection_set", None), nesting + 1)
        if isinstance(selection, FieldNode):
            below = _within_field(selection, below)
        return below._replace(directives=min(COUNT_MAX, below.directives + directives))

    def _fragment(self, name: str, nesting: int) -> Measure:
        known = self._measured.get(name)
        fragment = self._fragments.get(name)
        if known is not None or fragment is None:
            return known or NO_MEASURE
        self._measured[name] = NO_MEASURE  # What a spread of itself, a cycle, counts until validation refuses it.
        measure = self._selection_set(fragment.selection_set, nesting)
        self._measured[name] = measure
        return measure

    def root_fields(self, selection_set: SelectionSetNode, nesting: int = 1) -> int:
        total = 0
        for selection in selection_set.selections if nesting <= NESTING_MAX else ():
            if isinstance(selection, FieldNode):
                total += 1
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment_root_fields(selection.name.value, nesting + 1)
            else:
                total += self.root_fields(selection.selection_set, nesting + 1)  # type: ignore[attr-defined]  # an inline fragment
        return min(COUNT_MAX, total)

    def _fragment_root_fields(self, name: str, nesting: int) -> int:
        fragment = self._fragments.get(name)
        if fragment is not None and name not in self._root_fields:
            self._root_fields[name] = 0
            self._root_fields[name] = self.root_fields(fragment.selection_set, nesting)
        return self._root_fields.get(name, 0)


def _sum(one: Measure, other: Measure) -> Measure:
    return Measure(
        max(one.depth, other.depth),
        min(COUNT_MAX, one.fields + other.fields),
        min(COUNT_MAX, one.aliases + other.aliases),
        min(COUNT_MAX, one.directives + other.directives),
        max(one.introspection_depth, other.introspection_depth),
        min(COUNT_MAX, one.introspection_fields + other.introspection_fields),
        min(COUNT_MAX, one.introspection_roots + other.introspection_roots),
    )


def _within_field(node: FieldNode, below: Measure) -> Measure:
    aliases = min(COUNT_MAX, below.aliases + (1 if node.alias else 0))
    if node.name.value in INTROSPECTION:
        return Measure(
            depth=1,
            fields=1,
            aliases=aliases,
            directives=below.directives,
            introspection_depth=below.depth,
            introspection_fields=below.fields,
            introspection_roots=1,
        )
    return below._replace(depth=below.depth + 1, fields=min(COUNT_MAX, below.fields + 1), aliases=aliases)
