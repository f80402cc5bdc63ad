"""What a resolver looks ahead at: the selected fields below it, after fragments, `@skip`, `@include` and merging.

    selection = selection_of(info)
    if selection.wants("totalCount"): ...
    nodes = selection.find("edges", "node")
    columns = nodes.leaf_names

Building it has two halves. The shape (which fields, in which order) depends on the document and on the variables of `@skip` and
`@include` only; it is kept with the cached document. Binding puts the argument values of this request in; a part without variables in
arguments is bound once and shared by all requests, so that a warm request usually gets a ready tree.

Below a field of interface or union type the selection is the union over the possible types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from plumbline.api.graphql_kit.errors import ConflictingAliases

SHAPES_MAX = 64
"""Shapes kept per document. Variables of `@skip` and `@include` multiply them, and the caller chooses the values."""


@dataclass(frozen=True, slots=True)
class SelectedField:
    """One field of the answer."""

    name: str
    response_key: str
    arguments: Mapping[str, Any]
    """Coerced, with variables and defaults applied; JSON-like values, hence Any."""
    selection: Selection
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields selected on one object, by response key, in the order of the answer. Empty (and false) below a leaf."""

    fields: Mapping[str, SelectedField]

    def __bool__(self) -> bool:
        return bool(self.fields)

    def __iter__(self) -> Iterator[SelectedField]:
        return iter(self.fields.values())

    def wants(self, *names: str) -> bool:
        """Whether one of these fields is selected, under whatever alias."""
        return any(field.name in names for field in self)

    def named(self, name: str) -> tuple[SelectedField, ...]:
        """Every selection of a field, aliases included."""
        return tuple(field for field in self if field.name == name)

    @property
    def leaf_names(self) -> frozenset[str]:
        """Names of the selected leaf fields, `__typename` left out: what to read from a row."""
        return frozenset(field.name for field in self if field.is_leaf and not field.name.startswith("__"))

    def find(self, *names: str) -> Selection:
        """The selection below a path of field names, aliases merged; empty where the path is not selected.

        Aliases merge as long as no response key below them means two things; then the caller is refused, because
        the answer could only be right for one of the two."""
        below = self
        for name in names:
            below = _merged(name, [field.selection for field in below.named(name)])
        return below

    def joined(self, other: Selection, what: str) -> Selection:
        """The fields of both, where the same objects are answered in two places. `what` names them in the refusal of `find`."""
        return _merged(what, [self, other]) if self and other else self or other


NOTHING = Selection({})


def selection_of(info: GraphQLResolveInfo[Any]) -> Selection:
    """The fields selected below the field that is being resolved. Raises GraphQLError where an argument below cannot be coerced."""
    shapes = getattr(info, "shapes", None) or Shapes(
        info.schema, info.fragments, switch_variables(info.operation, info.fragments)
    )
    return shapes.selection(get_named_type(info.return_type), info.field_nodes, info.variable_values)


@dataclass(slots=True)
class _Shape:
    """A selection without argument values. `bound` is the finished selection if no variable occurs in it, or None."""

    fields: list[_FieldShape]
    is_static: bool
    bound: Selection | None = None


@dataclass(frozen=True, slots=True)
class _FieldShape:
    name: str
    response_key: str
    definition: GraphQLField
    node: FieldNode
    below: _Shape
    is_leaf: bool


class Shapes:
    """The shapes of one cached document. Threads may compute the same shape twice; either result serves."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], switches: Sequence[str]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._switches = switches
        self._by_nodes: dict[tuple[object, ...], _Shape] = {}

    def selection(self, parent: GraphQLNamedType, nodes: Sequence[FieldNode], variables: VariableValues) -> Selection:
        """Below fields `nodes` (the same response key) that return `parent`."""
        key = (parent.name, *map(id, nodes), *map(variables.coerced.get, self._switches))
        shape = self._by_nodes.get(key)
        if shape is None:
            shape = self._shape(parent, [node.selection_set for node in nodes if node.selection_set], variables)
            if len(self._by_nodes) < SHAPES_MAX:
                self._by_nodes[key] = shape
        return _bound(shape, variables)

    def _shape(self, parent: GraphQLNamedType, sets: Iterable[SelectionSetNode], variables: VariableValues) -> _Shape:
        grouped: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selection_set in sets:
            self._collect(parent, selection_set, variables, grouped, spread)
        fields = [self._field(parent, key, nodes, variables) for key, nodes in grouped.items()]
        known = [field for field in fields if field is not None]
        return _Shape(known, all(field.below.is_static and not has_variables(field.node) for field in known))

    def _field(
        self, parent: GraphQLNamedType, key: str, nodes: list[FieldNode], variables: VariableValues
    ) -> _FieldShape | None:
        definition = self._definition(parent, nodes[0].name.value)
        if definition is None:
            return None
        returned = get_named_type(definition.type)
        below = self._shape(returned, [node.selection_set for node in nodes if node.selection_set], variables)
        return _FieldShape(nodes[0].name.value, key, definition, nodes[0], below, is_leaf_type(returned))

    def _definition(self, parent: GraphQLNamedType, name: str) -> GraphQLField | None:
        if not is_composite_type(parent):
            return None
        found = self._schema.get_field(parent, name)
        if found is None and is_abstract_type(parent):
            candidates = (
                self._schema.get_field(possible, name) for possible in self._schema.get_possible_types(parent)
            )
            return next((candidate for candidate in candidates if candidate), None)
        return found

    def _collect(
        self,
        parent: GraphQLNamedType,
        selection_set: SelectionSetNode,
        variables: VariableValues,
        grouped: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for node in selection_set.selections:
            if not _is_included(node.directives or (), variables):
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(node.type_condition.name.value, parent):
                    self._collect(parent, node.selection_set, variables, grouped, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(fragment.type_condition.name.value, parent):
                    self._collect(parent, fragment.selection_set, variables, grouped, spread)

    def _applies(self, condition: str, parent: GraphQLNamedType) -> bool:
        if condition == parent.name or not is_object_type(parent):
            return True  # On an abstract parent any of the possible types may turn up.
        conditional = self._schema.get_type(condition)
        return (
            conditional is not None and is_abstract_type(conditional) and self._schema.is_sub_type(conditional, parent)
        )


def _bound(shape: _Shape, variables: VariableValues) -> Selection:
    if shape.bound is not None:
        return shape.bound
    selection = Selection({field.response_key: _bound_field(field, variables) for field in shape.fields})
    if shape.is_static:
        shape.bound = selection
    return selection


def _bound_field(field: _FieldShape, variables: VariableValues) -> SelectedField:
    arguments = get_argument_values(field.definition, field.node, variables) if field.definition.args else {}
    below = _bound(field.below, variables) if field.below.fields else NOTHING
    return SelectedField(field.name, field.response_key, arguments, below, field.is_leaf)


def _merged(name: str, selections: Sequence[Selection]) -> Selection:
    if len(selections) < 2:
        return selections[0] if selections else NOTHING
    fields: dict[str, SelectedField] = {}
    for field in (field for selection in selections for field in selection):
        present = fields.setdefault(field.response_key, field)
        if present is field:
            continue
        if (present.name, present.arguments) != (field.name, field.arguments):
            raise ConflictingAliases(
                f"{name} is selected more than once, and {field.response_key} below it means two different things.",
                hint="Give the fields below different aliases, or send two requests.",
            )
        below = _merged(field.response_key, [present.selection, field.selection])
        fields[field.response_key] = SelectedField(
            field.name, field.response_key, field.arguments, below, field.is_leaf
        )
    return Selection(fields)


def _is_included(directives: Iterable[DirectiveNode], variables: VariableValues) -> bool:
    for directive in directives:
        if directive.name.value == "skip" and get_argument_values(GraphQLSkipDirective, directive, variables)["if"]:
            return False
        if (
            directive.name.value == "include"
            and not get_argument_values(GraphQLIncludeDirective, directive, variables)["if"]
        ):
            return False
    return True


def has_variables(node: FieldNode) -> bool:
    """Whether an argument of the field depends on a variable."""
    return any(True for argument in node.arguments or () for _ in variable_names(argument.value))


def variable_names(value: Node) -> Iterator[str]:
    """Names of the variables inside a literal."""
    if isinstance(value, VariableNode):
        yield value.name.value
    for item in getattr(value, "values", ()) or ():
        yield from variable_names(item)
    for entry in getattr(value, "fields", ()) or ():
        yield from variable_names(entry.value)


def switch_variables(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """Variables that decide an `@skip` or `@include` anywhere in the operation (or in a fragment, used or not), sorted."""
    found: set[str] = set()
    pending: list[Node] = [operation, *fragments.values()]
    while pending:
        node = pending.pop()
        for directive in getattr(node, "directives", ()) or ():
            if directive.name.value in ("skip", "include"):
                found.update(name for argument in directive.arguments or () for name in variable_names(argument.value))
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        pending += below.selections if below else ()
    return tuple(sorted(found))
