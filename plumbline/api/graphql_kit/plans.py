"""Compiled plans: the selected sub-tree below a field, turned into one Python function per object.

Completing a value is a walk over the selection for every object of a list; the selection never changes in between. A plan is that
walk written out once: for `{ id name status { name } }` on `Component`, in essence

    def f2(o): return {"name": o["name"]}
    def f1(o): return {"id": o["id"], "name": o["name"], "status": None if (v := o["status"]) is None else f2(v)}

with the checks of the types inlined. It holds only while every value is what the schema promises. The first that is not (null where
none may be, another type, a missing key, an exception as value) raises, and the caller hands the same value to graphql-core, which
makes the errors. Reading prefetched values has no effects, so reading them twice is harmless: a plan can be slow, never wrong.

Not planned, and so completed by graphql-core: fields with a registered resolver, interfaces and unions, and fields whose
arguments could fail to be coerced at run time (a nullable variable in a place that takes no null).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails

from plumbline.api.graphql_kit.resolvers import PrefetchedField
from plumbline.api.graphql_kit.scalars import PASSING
from plumbline.api.graphql_kit.selection import variable_names

Plan = Callable[[Any], Any]
"""From a prefetched object (or list of them) to its JSON-like answer."""
Collect = Callable[[GraphQLObjectType, list[FieldDetails]], CollectedFields]


class Anomaly(Exception):
    """A value that graphql-core must judge."""


class _NotPlain(Exception):
    """A field that cannot be planned; found while compiling."""


def compile_object_plan(
    schema: GraphQLSchema,
    returned: GraphQLObjectType,
    details: list[FieldDetails],
    collect: Collect,
    nullables: frozenset[str],
) -> Plan | None:
    """The plan of one object, or None. `nullables` names the variables whose declared type takes null."""
    compiler = _Compiler(schema, collect, nullables)
    try:
        return compiler.made(compiler.object_function(returned, details))
    except _NotPlain:
        return None


def compile_list_plan(
    schema: GraphQLSchema,
    returned: GraphQLList[Any],
    details: list[FieldDetails],
    collect: Collect,
    nullables: frozenset[str],
) -> Plan | None:
    """The plan of a list, to be given a list or tuple, or None."""
    compiler = _Compiler(schema, collect, nullables)
    try:
        body = compiler.list_items(returned, details, "items")
    except _NotPlain:
        return None
    return compiler.made(compiler.function("items", [f"return {body}"]))


class _Compiler:
    """Collects generated functions and the objects they refer to in one namespace."""

    def __init__(self, schema: GraphQLSchema, collect: Collect, nullables: frozenset[str]) -> None:
        self._schema = schema
        self._collect = collect
        self._nullables = nullables
        self._namespace: dict[str, Any] = {"_guard": _guard, "_not_a_list": _not_a_list}
        self._count = 0

    def made(self, name: str) -> Plan:
        plan: Plan = self._namespace[name]
        return plan

    def function(self, parameter: str, lines: list[str]) -> str:
        name = self._named("f")
        source = f"def {name}({parameter}):\n" + "\n".join(f" {line}" for line in lines)
        # The text holds our own templates and GraphQL names (letters, digits, underscore; quoted by repr), nothing else of the caller's.
        exec(source, self._namespace)  # noqa: S102  see the line above; closures cost four times as much per value
        return name

    def _named(self, prefix: str, value: object = None) -> str:
        self._count += 1
        name = f"_{prefix}{self._count}"
        if value is not None:
            self._namespace[name] = value
        return name

    def object_function(self, owner: GraphQLObjectType, details: list[FieldDetails]) -> str:
        """One function per selected object: a branch for dicts, and one for objects with attributes."""
        if owner.is_type_of is not None:
            raise _NotPlain
        by_key: list[str] = []
        by_attribute: list[str] | None = []
        for response_key, field_details in self._collect(owner, details).grouped_field_set.items():
            node = field_details[0].node
            if node.name.value == "__typename":
                entry = f"{response_key!r}: {owner.name!r}"
                by_key.append(entry)
                by_attribute = by_attribute if by_attribute is None else [*by_attribute, entry]
                continue
            definition, field = self._plain(owner, node)
            value = self._value(definition.type, field_details, "\0")
            key = response_key if field.by_response_key else field.name
            by_key.append(f"{response_key!r}: " + value.replace("\0", f"o[{key!r}]"))
            if field.has_arguments:
                by_attribute = None
            elif by_attribute is not None:
                by_attribute.append(f"{response_key!r}: " + value.replace("\0", f"o.{field.attribute}"))
        return self.function("o", _both_branches(by_key, by_attribute))

    def _plain(self, owner: GraphQLObjectType, node: FieldNode) -> tuple[GraphQLField, PrefetchedField]:
        definition = self._schema.get_field(owner, node.name.value)
        if definition is None or not isinstance(definition.resolve, PrefetchedField):
            raise _NotPlain
        for argument in node.arguments or ():
            if self._may_fail(argument.value, definition.args[argument.name.value].type):
                raise _NotPlain
        return definition, definition.resolve

    def _may_fail(self, value: ValueNode, expected: GraphQLInputType) -> bool:
        """Whether a literal that validation has passed can still fail to be coerced, because of a variable that is null."""
        if isinstance(value, VariableNode):
            return is_non_null_type(expected) and value.name.value in self._nullables
        inner = get_nullable_type(expected)
        if isinstance(value, ListValueNode) and isinstance(inner, GraphQLList):
            return any(self._may_fail(item, inner.of_type) for item in value.values)
        if isinstance(value, ObjectValueNode) and isinstance(inner, GraphQLInputObjectType):
            if inner.is_one_of:
                return any(True for _ in variable_names(value))
            return any(self._may_fail(entry.value, inner.fields[entry.name.value].type) for entry in value.fields)
        return any(True for _ in variable_names(value))

    def _value(self, returned: GraphQLOutputType, details: list[FieldDetails], source: str) -> str:
        """An expression that completes the expression `source`."""
        is_required = isinstance(returned, GraphQLNonNull)
        inner = returned.of_type if isinstance(returned, GraphQLNonNull) else returned
        if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(inner, source, is_required=is_required)
        if isinstance(inner, GraphQLObjectType):
            function = self.object_function(inner, details)
            return f"{function}({source})" if is_required else self._or_none(source, f"{function}({{v}})")
        if isinstance(inner, GraphQLList):
            variable = self._named("v")
            items = self.list_items(inner, details, variable)
            checked = f"({items} if {variable}.__class__ is list or {variable}.__class__ is tuple else _not_a_list())"
            if is_required:
                return f"({items} if ({variable} := {source}).__class__ is list or {variable}.__class__ is tuple else _not_a_list())"
            return f"(None if ({variable} := {source}) is None else {checked})"
        raise _NotPlain

    def list_items(self, returned: GraphQLList[Any], details: list[FieldDetails], source: str) -> str:
        item = self._named("i")
        return f"[{self._value(returned.of_type, details, item)} for {item} in {source}]"

    def _or_none(self, source: str, template: str) -> str:
        variable = self._named("v")
        return f"(None if ({variable} := {source}) is None else {template.format(v=variable)})"

    def _leaf(self, leaf: GraphQLScalarType | GraphQLEnumType, source: str, *, is_required: bool) -> str:
        """The usual Python type passes unchanged; anything else goes through the type's own function."""
        slow = self._named("s", _checked_output(leaf))
        test = self._passing_test(leaf)
        if test is None:
            return f"{slow}({source})" if is_required else self._or_none(source, f"{slow}({{v}})")
        variable = self._named("v")
        passes = test.format(first=f"({variable} := {source})", v=variable)
        allowed = passes if is_required else f"{passes} or {variable} is None"
        return f"({variable} if {allowed} else {slow}({variable}))"

    def _passing_test(self, leaf: GraphQLScalarType | GraphQLEnumType) -> str | None:
        if isinstance(leaf, GraphQLEnumType):
            if any(value.value != name for name, value in leaf.values.items()):
                return None
            return "{first}.__class__ is str and {v} in " + self._named("e", frozenset(leaf.values))
        if leaf in (GraphQLString, GraphQLID):
            return "{first}.__class__ is str"
        if leaf is GraphQLInt:
            return "{first}.__class__ is int and -2147483648 <= {v} <= 2147483647"
        if leaf is GraphQLFloat:
            return "{first}.__class__ is float and {v} - {v} == 0.0"  # False for NaN and the infinities
        if leaf is GraphQLBoolean:
            return "({first} is True or {v} is False)"
        passing = leaf.extensions.get(PASSING)
        return None if passing is None else "{first}.__class__ is " + self._named("t", passing)


def _both_branches(by_key: list[str], by_attribute: list[str] | None) -> list[str]:
    attributes = ["_guard(None)"] if by_attribute is None else ["_guard(o)", f"return {{{', '.join(by_attribute)}}}"]
    return [f"if o.__class__ is dict: return {{{', '.join(by_key)}}}", *attributes]


def _guard(value: object) -> None:
    """Refuses what must not be read by attribute: null, exceptions, and dicts of a class of their own."""
    if value is None or value is Undefined or isinstance(value, dict | Exception):
        raise Anomaly


def _not_a_list() -> None:
    raise Anomaly


def _checked_output(leaf: GraphQLScalarType | GraphQLEnumType) -> Callable[[object], object]:
    coerce = leaf.coerce_output_value

    def checked(value: object) -> object:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Anomaly
        result: object = coerce(value)
        if result is None or result is Undefined:
            raise Anomaly
        return result

    return checked
