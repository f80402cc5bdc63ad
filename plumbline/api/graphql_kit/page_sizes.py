"""How large an answer can get: page sizes multiplied down the selection.

A field that takes a page size (`first` or `last`, directly or inside an input object such as `pagination`) says how many items the lists
below it hold, the nearest ones: `edges` and `nodes` of the connection, also through a wrapper object in between; where it is asked for
certain `ids`, no more than those. A list without a page size counts as `unpaged_list_size`. Nodes are list items; cost is every field of
the answer.

Sizes may be variables, so this is computed with their values and kept per combination of sizes, not per request.
The walk expands fragments, which is affordable because `limits.check_operation` has bounded the expanded fields before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)
from graphql.execution.values import VariableValues

from plumbline.api.graphql_kit.errors import LimitExceeded, PageTooLarge, QueryTooCostly, TooManyNodes
from plumbline.api.graphql_kit.limits import COUNT_MAX, Limits
from plumbline.api.graphql_kit.selection import has_variables

PAGE_ARGUMENTS = ("first", "last")
VERDICTS_MAX = 64
"""Combinations of page sizes kept per operation."""


class Estimate(NamedTuple):
    nodes: int
    cost: int


class PagedFields:
    """The fields of one operation that take a page size, found once, and the verdicts on sizes seen so far."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = fragments
        self._root = schema.get_root_type(operation.operation)
        paged = dict(self._find_paged())
        self._varying = {node_id: field for node_id, field in paged.items() if has_variables(field[1])}
        self._fixed = {
            node_id: _requested(*field, None) for node_id, field in paged.items() if node_id not in self._varying
        }
        self._verdicts: dict[tuple[int | None, ...], tuple[LimitExceeded, ...]] = {}

    def faults(self, variables: VariableValues, limits: Limits) -> tuple[LimitExceeded, ...]:
        """The limits that this request exceeds with these variables. The refusals are shared; raise or show them, do not change them."""
        varying = {node_id: _requested(*field, variables) for node_id, field in self._varying.items()}
        key = tuple(varying.values())
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = tuple(self._judge({**self._fixed, **varying}, limits))
            if len(self._verdicts) < VERDICTS_MAX:
                self._verdicts[key] = verdict
        return verdict

    def _judge(self, sizes: Mapping[int, int | None], limits: Limits) -> Iterator[LimitExceeded]:
        too_large = [size for size in sizes.values() if size is not None and size > limits.page_size_max]
        if too_large:
            yield PageTooLarge("A page is too large", value=max(too_large), limit=limits.page_size_max)
            return
        nodes, cost = _Estimating(self._schema, self._fragments, sizes, limits).below(
            self._root, self._operation.selection_set, 1, None
        )
        if nodes > limits.nodes_max:
            hint = "Ask for smaller pages, or fewer lists inside lists."
            yield TooManyNodes("The answer could have too many nodes", value=nodes, limit=limits.nodes_max, hint=hint)
        if cost > limits.cost_max:
            hint = "Ask for smaller pages or fewer fields."
            yield QueryTooCostly("The answer could have too many fields", value=cost, limit=limits.cost_max, hint=hint)

    def _find_paged(self) -> Iterator[tuple[int, tuple[GraphQLField, FieldNode]]]:
        pending: list[tuple[GraphQLNamedType | None, SelectionSetNode]] = [(self._root, self._operation.selection_set)]
        for fragment in self._fragments.values():
            pending.append((self._schema.get_type(fragment.type_condition.name.value), fragment.selection_set))
        while pending:
            parent, selection_set = pending.pop()
            for selection in selection_set.selections:
                inner = parent
                if isinstance(selection, FieldNode):
                    definition = field_definition(self._schema, parent, selection)
                    inner = get_named_type(definition.type) if definition else None
                    if definition and takes_page_size(definition):
                        yield id(selection), (definition, selection)
                elif isinstance(selection, InlineFragmentNode) and selection.type_condition:
                    inner = self._schema.get_type(selection.type_condition.name.value)
                below: SelectionSetNode | None = getattr(selection, "selection_set", None)
                if below is not None:
                    pending.append((inner, below))


class _Estimating:
    """One walk over the expanded selection."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        sizes: Mapping[int, int | None],
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._sizes = sizes
        self._limits = limits

    def below(
        self, parent: GraphQLNamedType | None, selection_set: SelectionSetNode | None, times: int, page: int | None
    ) -> Estimate:
        """`times` objects of `parent` at once; `page` is a page size given further out and not yet used by a list."""
        nodes = cost = 0
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                part = self._field(parent, selection, times, page)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments[selection.name.value]
                part = self.below(
                    self._schema.get_type(fragment.type_condition.name.value), fragment.selection_set, times, page
                )
            else:
                condition = getattr(selection, "type_condition", None)
                inner = self._schema.get_type(condition.name.value) if condition else parent
                part = self.below(inner, getattr(selection, "selection_set", None), times, page)
            nodes, cost = min(COUNT_MAX, nodes + part.nodes), min(COUNT_MAX, cost + part.cost)
        return Estimate(nodes, cost)

    def _field(self, parent: GraphQLNamedType | None, node: FieldNode, times: int, page: int | None) -> Estimate:
        definition = field_definition(self._schema, parent, node)
        if definition is None or node.name.value.startswith("__"):
            return Estimate(0, times)  # Introspection has bounds of its own.
        if id(node) in self._sizes:
            requested = self._sizes[id(node)]
            page = self._limits.page_size_default if requested is None else max(0, requested)
        returned = get_named_type(definition.type)
        if not is_composite_type(returned):
            return Estimate(0, times)
        if not _is_list(definition):
            part = self.below(returned, node.selection_set, times, page)
            return Estimate(part.nodes, min(COUNT_MAX, part.cost + times))
        items = min(COUNT_MAX, times * (self._limits.unpaged_list_size if page is None else page))
        part = self.below(returned, node.selection_set, items, None)
        return Estimate(min(COUNT_MAX, part.nodes + items), min(COUNT_MAX, part.cost + times))


def _is_list(definition: GraphQLField) -> bool:
    return isinstance(get_nullable_type(definition.type), GraphQLList)


def field_definition(schema: GraphQLSchema, parent: object, node: FieldNode) -> GraphQLField | None:
    """The definition, or None for a field that the parent does not have (documents may not be validated yet)."""
    return schema.get_field(parent, node.name.value) if is_composite_type(parent) else None


def takes_page_size(definition: GraphQLField) -> bool:
    """Whether an argument, or a field of an input object argument, is an Int called `first` or `last`."""
    return any(_holds_page_size(name, argument.type) for name, argument in definition.args.items())


def _holds_page_size(name: str, declared: GraphQLInputType) -> bool:
    inner = get_nullable_type(declared)
    if isinstance(inner, GraphQLInputObjectType):
        return any(
            key in PAGE_ARGUMENTS and get_nullable_type(field.type) is GraphQLInt for key, field in inner.fields.items()
        )
    return name in PAGE_ARGUMENTS and inner is GraphQLInt


def _requested(definition: GraphQLField, node: FieldNode, variables: VariableValues | None) -> int | None:
    """The page size asked for, or the number of ids where that is less; None when absent, null, or not coercible (the executor complains
    about that)."""
    try:
        arguments = get_argument_values(definition, node, variables)
    except GraphQLError:
        return None
    direct = [arguments.get(name) for name in PAGE_ARGUMENTS]
    nested = [value.get(name) for value in arguments.values() if isinstance(value, dict) for name in PAGE_ARGUMENTS]
    sizes = [size for size in (*direct, *nested) if isinstance(size, int)]
    ids = [
        value["ids"] for value in arguments.values() if isinstance(value, dict) and isinstance(value.get("ids"), list)
    ]
    named = min((len(each) for each in ids), default=None)
    return max(sizes, default=named) if named is None else min([*sizes, named])
