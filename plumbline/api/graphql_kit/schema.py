"""From SDL text and a table of resolvers to a schema that can be executed; every mismatch is found here, at start, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_specified_scalar_type,
    validate_schema,
)

from plumbline.api.graphql_kit.resolvers import CalledField, PrefetchedField, Resolvers, enter_namespace
from plumbline.api.graphql_kit.scalars import STANDARD_SCALARS, Scalar, install_scalar


@dataclass(frozen=True, slots=True)
class ExecutableSchema:
    """What an Engine runs."""

    graphql: GraphQLSchema
    version: str
    """Digest of the SDL text: the key of everything cached about documents."""
    sdl: str


class SchemaFaults(Exception):
    """The SDL and the resolvers do not fit; the message lists every place."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = sorted(faults)
        super().__init__(
            "The schema and its resolvers do not fit:\n" + "\n".join(f"- {fault}" for fault in self.faults)
        )


def build_executable_schema(
    sdl: str,
    resolvers: Resolvers,
    *,
    scalars: Mapping[str, Scalar] = STANDARD_SCALARS,
    required: Iterable[str] = (),
    assume_valid_sdl: bool = False,
) -> ExecutableSchema:
    """`required` lists further fields (`Type.field`) that must have a resolver of their own, beyond those the rules ask for."""
    schema = build_schema(sdl, assume_valid_sdl=assume_valid_sdl)
    faults = [error.message for error in validate_schema(schema)]
    faults += _install_scalars(schema, scalars)
    faults += _unknown_names(schema, resolvers)
    faults += _install_resolvers(schema, resolvers)
    faults += [f"{name} must have a resolver" for name in required if name not in resolvers.by_name]
    if faults:
        raise SchemaFaults(faults)
    return ExecutableSchema(schema, hashlib.blake2b(sdl.encode(), digest_size=16).hexdigest(), sdl)


def _install_scalars(schema: GraphQLSchema, scalars: Mapping[str, Scalar]) -> Iterator[str]:
    for name, declared in schema.type_map.items():
        if not isinstance(declared, GraphQLScalarType) or is_specified_scalar_type(declared):
            continue
        if name in scalars:
            install_scalar(declared, scalars[name])
        else:
            yield f"scalar {name} has no behaviour"


def _unknown_names(schema: GraphQLSchema, resolvers: Resolvers) -> Iterator[str]:
    for name in sorted({*resolvers.by_name, *resolvers.prefetched_names}):
        type_name, _, field_name = name.partition(".")
        owner = schema.type_map.get(type_name)
        if not isinstance(owner, GraphQLObjectType) or field_name not in owner.fields:
            yield f"{name} has a resolver but is not in the schema"
        elif name in resolvers.by_name and name in resolvers.prefetched_names:
            yield f"{name} is declared prefetched and has a resolver"


def _install_resolvers(schema: GraphQLSchema, resolvers: Resolvers) -> Iterator[str]:
    roots = (schema.query_type, schema.mutation_type)
    for owner in schema.type_map.values():
        if not isinstance(owner, GraphQLObjectType) or owner.name.startswith("__"):
            continue
        for field_name, field in owner.fields.items():
            name = f"{owner.name}.{field_name}"
            if name in resolvers.by_name:
                field.resolve = CalledField(resolvers.by_name[name])
            elif owner in roots:
                field.resolve = enter_namespace
                if not _is_namespace(field, resolvers):
                    yield f"{name} has no resolver (and is no namespace: each field of its type would need one)"
            else:
                field.resolve = _prefetched(field_name, field)
                if field.args and name not in resolvers.prefetched_names:
                    yield f"{name} has arguments, no resolver, and is not declared prefetched"


def _is_namespace(field: GraphQLField, resolvers: Resolvers) -> bool:
    target = get_named_type(field.type)
    if field.args or not isinstance(target, GraphQLObjectType):
        return False
    return all(f"{target.name}.{name}" in resolvers.by_name for name in target.fields)


def _prefetched(name: str, field: GraphQLField) -> PrefetchedField:
    is_leaf = is_leaf_type(get_named_type(field.type))
    return PrefetchedField(name, by_response_key=bool(field.args) or not is_leaf, has_arguments=bool(field.args))
