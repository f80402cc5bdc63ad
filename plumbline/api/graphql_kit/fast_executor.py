"""graphql-core's executor with two changes: planned sub-trees are completed by compiled plans, and time is bounded.

Everything is decided per prepared operation and kept with it: collected fields, plans, the shapes of look-ahead. `use_plans=False`
is the off switch; answers are the same (`differential.py` proves it), only slower.

Overridden methods are not part of graphql-core's public interface, so the minor version is pinned and the differential test guards it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Never, TypeGuard

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import CollectedFields, FieldDetails, collect_subfields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from plumbline.api.graphql_kit.plans import Plan, compile_list_plan, compile_object_plan
from plumbline.api.graphql_kit.prepared import PreparedOperation
from plumbline.api.graphql_kit.selection import Shapes

FOREVER = float("inf")


class OutOfTime(BaseException):
    """Ends an execution. Not an Exception, because graphql-core turns those into errors of one field and carries on."""


class ResolveInfo(GraphQLResolveInfo[Any]):
    """What resolvers get: graphql-core's info, the shapes that `selection_of` keeps, and the moment (monotonic seconds) to be done by."""

    shapes: Shapes
    deadline: float


class FastExecutor(Executor[Any]):
    """Runs one operation once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        prepared: PreparedOperation,
        variables: VariableValues,
        context: object,
        *,
        root: object = None,
        use_plans: bool = True,
        deadline: float = FOREVER,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            schema,
            prepared.fragment_definitions,
            prepared.fragments,
            root,
            context,
            prepared.node,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=_never,
            is_async_iterable=_never,
        )
        self.prepared = prepared
        self.use_plans = use_plans
        self.deadline = deadline
        self.monotonic = monotonic
        self.switches = tuple(map(variables.coerced.get, prepared.switches))
        self.plans_used = 0
        self.plans_failed = 0

    def build_resolve_info(
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> GraphQLResolveInfo[Any]:
        """Called once for every field that no plan covers, which makes it the place to look at the clock."""
        if self.deadline < FOREVER and self.monotonic() > self.deadline:
            raise OutOfTime
        info = ResolveInfo(*super().build_resolve_info(field_def, field_nodes, parent_type, path))
        info.shapes = self.prepared.shapes
        info.deadline = self.deadline
        return info

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if self.use_plans and (result.__class__ is list or result.__class__ is tuple):
            plan = self._plan(
                id(return_type), field_details_list, lambda: self._list_plan(return_type, field_details_list)
            )
            if plan is not None:
                try:
                    answer = plan(result)
                except Exception:
                    self.plans_failed += 1
                else:
                    self.plans_used += 1
                    return answer
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if self.use_plans:
            plan = self._plan(
                id(return_type), field_details_list, lambda: self._object_plan(return_type, field_details_list)
            )
            if plan is not None:
                try:
                    answer = plan(result)
                except Exception:
                    self.plans_failed += 1
                else:
                    self.plans_used += 1
                    return answer
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> CollectedFields:
        """The same for every request with the same `@skip` and `@include`, so it is kept with the operation."""
        key = (id(return_type), self.switches, *[id(detail.node) for detail in field_details_list])
        return self.prepared.collected.get_or_make(key, lambda: self._collected(return_type, field_details_list))

    def _collected(self, owner: GraphQLObjectType, details: list[FieldDetails]) -> CollectedFields:
        return collect_subfields(self.schema, self.fragments, self.variable_values, self.operation, owner, details)

    def _plan(self, type_id: int, details: list[FieldDetails], make: Callable[[], Plan | None]) -> Plan | None:
        """The key holds every node: two fields may begin with the same fragment's node and go on differently."""
        key = (type_id, self.switches, *[id(detail.node) for detail in details])
        return self.prepared.plans.get_or_make(key, make)

    def _list_plan(self, returned: GraphQLList[GraphQLOutputType], details: list[FieldDetails]) -> Plan | None:
        return compile_list_plan(self.schema, returned, details, self._collected, self.prepared.nullable_variables)

    def _object_plan(self, returned: GraphQLObjectType, details: list[FieldDetails]) -> Plan | None:
        return compile_object_plan(self.schema, returned, details, self._collected, self.prepared.nullable_variables)


def _never(_value: object) -> TypeGuard[Never]:
    """Resolvers are synchronous by decision; nothing is asked whether it could be awaited."""
    return False
