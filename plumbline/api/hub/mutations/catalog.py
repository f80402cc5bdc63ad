"""Changes of the catalog."""

from __future__ import annotations

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.catalog import attribute_node, category_node, category_nodes, status_node
from plumbline.catalog.actions import (
    add_attributes_to_category,
    create_attributes,
    create_categories,
    create_statuses,
)
from plumbline.catalog.model import AttributeType, CategoryType, NewAttribute, NewCategory, NewStatus

resolvers = Resolvers()


@resolvers.field("CategoryMutations.create")
def create_new_categories(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    new = [
        NewCategory(
            name=wire["name"],
            type=CategoryType(wire["type"]),
            code=wire.get("code"),
            short_name=wire.get("shortName"),
            unit_of_measure=wire.get("unitOfMeasure") or "EACH",
            parent_id=wire.get("parentId"),
            attributes=tuple(wire.get("attributes") or ()),
        )
        for wire in arguments["inputs"]
    ]
    return category_nodes(context, context.run(create_categories, new), selection_of(info))


@resolvers.field("CategoryMutations.addAttributes")
def add_attributes(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    category = context.run(add_attributes_to_category, arguments["categoryId"], arguments["attributeIds"])
    return category_node(context, category, [selection_of(info)])


@resolvers.field("AttributeMutations.create")
def create_new_attributes(_source: object, info: Info, arguments: Arguments) -> object:
    new = [
        NewAttribute(
            name=wire["name"],
            type=AttributeType(wire.get("type") or AttributeType.STRING),
            unit=wire.get("unit"),
            choices=tuple(wire.get("choices") or ()),
        )
        for wire in arguments["inputs"]
    ]
    return [attribute_node(each) for each in info.context.run(create_attributes, new)]


@resolvers.field("StatusMutations.create")
def create_new_statuses(_source: object, info: Info, arguments: Arguments) -> object:
    new = [NewStatus(wire["name"], wire["mapsTo"], wire.get("color") or "#8A8F98") for wire in arguments["inputs"]]
    return [status_node(each) for each in info.context.run(create_statuses, new)]
