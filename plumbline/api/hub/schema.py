"""The platform schema: the SDL texts joined, and every resolver under its name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from graphql import build_schema, print_schema

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.limits import Limits
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.scalars import STANDARD_SCALARS
from plumbline.api.graphql_kit.schema import ExecutableSchema, build_executable_schema
from plumbline.api.hub.filters import FILTER_SCALARS
from plumbline.api.hub.mutations import access as access_mutations
from plumbline.api.hub.mutations import boms as bom_mutations
from plumbline.api.hub.mutations import catalog as catalog_mutations
from plumbline.api.hub.mutations import change_orders as change_order_mutations
from plumbline.api.hub.mutations import components as component_mutations
from plumbline.api.hub.mutations import configuration as configuration_mutations
from plumbline.api.hub.mutations import imports as import_mutations
from plumbline.api.hub.mutations import validations as validation_mutations
from plumbline.api.hub.queries import (
    access,
    boms,
    catalog,
    change_order_differences,
    change_orders,
    components,
    configuration,
    differences,
    exports,
    imports,
    validations,
)
from plumbline.api.hub.queries.boms import INDENTED_PAGE_MAX
from plumbline.settings import Settings

_SDL = Path(__file__).parent / "sdl"
_MODULES = (
    access, access_mutations, boms, bom_mutations, catalog, catalog_mutations, change_order_differences, change_orders,
    change_order_mutations, components, component_mutations, configuration, configuration_mutations, differences, exports, imports,
    import_mutations, validations, validation_mutations,
)  # fmt: skip


def sdl_text() -> str:
    """The texts under sdl/, in the order of their names."""
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(_SDL.glob("*.graphql")))


def hub_sdl() -> str:
    """The whole schema as clients see it: the text committed under schemas/."""
    return print_schema(build_schema(sdl_text())) + "\n"


@cache
def hub_schema() -> ExecutableSchema:
    resolvers = Resolvers()
    resolvers.include(module.resolvers for module in _MODULES)
    # The rules of SDL are held by `hub_sdl`, which `make check` runs; trying them again would delay every start.
    scalars = {**STANDARD_SCALARS, **FILTER_SCALARS}
    return build_executable_schema(sdl_text(), resolvers, scalars=scalars, assume_valid_sdl=True)


def hub_engine(settings: Settings) -> Engine:
    """One per process: it holds the cache of documents."""
    return Engine(
        hub_schema(),
        # The largest page of any field; each field has a bound of its own below it, and the nodes of an answer have one together.
        limits=Limits(page_size_max=INDENTED_PAGE_MAX),
        use_plans=settings.web.fast_execution,
        body_bytes_max=settings.web.body_bytes_max,
    )
