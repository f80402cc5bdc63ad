"""What holds between the rows of the part master."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, Select, Table, and_, exists, not_, or_, select

from plumbline.catalog.model import AttributeType
from plumbline.components.store.tables import aliases, attribute_values, components, releases, sources, versions
from plumbline.storage.intervals import OPEN
from plumbline.storage.laws import ROWS_AT_ONCE, Law, law, out_of_step_with_versions, twice_at_once
from plumbline.storage.schema import metadata


def _without_first_version(library_id: str) -> Select[Any]:
    first = exists().where(versions.c.component_key == components.c.key, versions.c.number == 1)
    return select(components.c.key).where(components.c.library_id == library_id, not_(first))


def _without_number(library_id: str) -> Select[Any]:
    issued = metadata.tables["issued_numbers"]
    known = exists().where(issued.c.library_id == components.c.library_id, issued.c.number == components.c.cpn)
    return select(components.c.key).where(components.c.library_id == library_id, not_(known))


def _versions_out_of_step(library_id: str) -> Select[Any]:
    before, after = versions.alias(), versions.alias()
    follows = exists().where(
        before.c.component_key == versions.c.component_key,
        before.c.number == versions.c.number - 1,
        before.c.to_change == versions.c.from_change,
    )
    is_followed = exists().where(
        after.c.component_key == versions.c.component_key, after.c.number == versions.c.number + 1
    )
    is_newest = versions.c.to_change == OPEN
    wrong = or_(
        and_(versions.c.number > 1, not_(follows)),
        and_(is_newest, is_followed),
        and_(not_(is_newest), not_(is_followed)),
        versions.c.from_change > versions.c.to_change,
    )
    return select(versions.c.key).where(versions.c.library_id == library_id, wrong)


def _released_before_saved(library_id: str) -> Select[Any]:
    saved = exists().where(
        versions.c.component_key == releases.c.component_key,
        versions.c.number == releases.c.version,
        versions.c.from_change <= releases.c.from_change,
    )
    return select(releases.c.key).where(releases.c.library_id == library_id, not_(saved))


def _broken_list(connection: Connection, library_id: str) -> int | None:
    """A value of a list attribute that is no list: whoever shows it would stumble."""
    attributes = metadata.tables["attributes"]
    is_list = and_(attributes.c.id == attribute_values.c.attribute_id, attributes.c.type == AttributeType.LIST)
    query = select(attribute_values.c.key, attribute_values.c.text).join(attributes, is_list)
    mine = query.where(attribute_values.c.library_id == library_id)
    with connection.execute(mine, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        return next((key for key, text in rows if not _is_list(text)), None)


def _is_list(text: str) -> bool:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _details(noun: str, table: Table, *identity: str) -> tuple[Law, Law]:
    within = out_of_step_with_versions(table, "component_key")
    again = twice_at_once(table, *identity, owner="component_key")
    return (
        law(noun, "does not begin and end with versions of its component", within),
        law(noun, "holds where another one of the same holds", again),
    )


LAWS = (
    law("components", "has no first version", _without_first_version),
    law("components", "has a part number that is not among the issued ones", _without_number),
    law("component-versions", "does not join on to the versions of its component", _versions_out_of_step),
    law("releases", "names a version that was not saved by then", _released_before_saved),
    law(
        "releases",
        "holds where another release of the component holds",
        twice_at_once(releases, "component_key"),
    ),
    *_details("attribute-values", attribute_values, "component_key", "attribute_id"),
    *_details("sources", sources, "component_key", "id"),
    *_details("component-aliases", aliases, "component_key", "value"),
    Law("attribute-values", "is no list of texts, which its attribute wants", _broken_list),
)
