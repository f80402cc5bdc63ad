"""The table of resolvers by `Type.field`, and the resolvers that read what a parent has prefetched.

A registered resolver is called as `resolver(source, info, arguments)`; `arguments` is a plain dict with the names of the wire,
input objects inside are plain dicts too. It returns plain values: dicts, lists, text, numbers.

A field without a registered resolver reads its value from the source, by one rule:

- a leaf field (scalar, enum, lists of them) without arguments lies under its NAME: two aliases show the same value;
- a field of object type, or with arguments, lies under its RESPONSE KEY (alias, else name): two aliases may differ.

A key that is missing is never taken for null. It raises `NotPrefetched`, a fault of ours: the field answers null with one masked
error, and the log names the field. A silent null could be believed and written back by a client.
Sources that are not dicts (frozen dataclasses) are read by attribute in snake case, which serves leaves and plain nested objects;
a field with arguments cannot be read from an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from graphql import GraphQLResolveInfo

Info = GraphQLResolveInfo[Any]
"""What a resolver gets beside the source; `info.context` is whatever the surface hands to the engine, hence Any."""
Arguments = dict[str, Any]
"""Coerced arguments by wire name; JSON-like values, hence Any."""
Resolver = Callable[[Any, Info, Arguments], object]
Registered = TypeVar("Registered", bound=Resolver)


class NotPrefetched(Exception):
    """A resolver returned a source without a key that the selection asks for; it read the selection too narrowly."""


class Resolvers:
    """Filled while modules load, then read once by `build_executable_schema`, which refuses names that the schema does not have."""

    def __init__(self) -> None:
        self.by_name: dict[str, Resolver] = {}
        self.prefetched_names: set[str] = set()

    def field(self, *names: str) -> Callable[[Registered], Registered]:
        """Registers the function for one or several fields, written `Type.field`."""

        def register(resolver: Registered) -> Registered:
            for name in names:
                assert name not in self.by_name, f"{name} has two resolvers"
                self.by_name[name] = resolver
            return resolver

        return register

    def prefetched(self, *names: str) -> None:
        """Declares fields with arguments that the parent's resolver answers by look-ahead, so that none is forgotten by accident."""
        self.prefetched_names.update(names)

    def include(self, others: Iterable[Resolvers]) -> None:
        """Takes over the tables of other modules."""
        for other in others:
            for name, resolver in other.by_name.items():
                self.field(name)(resolver)
            self.prefetched_names |= other.prefetched_names


class PrefetchedField:
    """The resolver of a field that nobody registered; plans compile it away, so it only runs where no plan fits."""

    __slots__ = ("attribute", "by_response_key", "has_arguments", "name")

    def __init__(self, name: str, *, by_response_key: bool, has_arguments: bool) -> None:
        self.name = name
        self.attribute = snake_case(name)
        self.by_response_key = by_response_key
        self.has_arguments = has_arguments

    def __call__(self, source: object, info: Info, **_arguments: object) -> object:
        if isinstance(source, dict):
            key = info.path.key if self.by_response_key else self.name
            if key in source:
                return source[key]
        elif not self.has_arguments and hasattr(source, self.attribute):
            return getattr(source, self.attribute)
        raise NotPrefetched(f"{info.parent_type.name}.{self.name} is not in the source under {info.path.key!r}.")


class CalledField:
    """Turns graphql-core's calling convention into ours."""

    __slots__ = ("resolver",)

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def __call__(self, source: object, info: Info, **arguments: object) -> object:
        return self.resolver(source, info, arguments)


def enter_namespace(_source: object, _info: Info) -> object:
    """The source of a namespace such as `component { … }`: nothing, because each field in it has its own resolver."""
    return {}


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
