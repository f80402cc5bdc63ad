"""What a list of components is narrowed to and ordered by, as plain values. Every surface translates its own filter language to these.

A filter is a tree: `All` and `AnyOf` of further filters, `Not`, and `Where(field, operator, value)` as leaves. Fields that have several
values per component (manufacturer, MPN, alias, label, attribute) hold if one of the values fits; `Not` around them says that none does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEPTH_MAX = 12
LEAVES_MAX = 200
VALUES_MAX = 1000
"""Members of one `IN` list."""


class Field(StrEnum):
    ALIAS = "alias"
    ARCHIVED = "archived"
    ATTRIBUTE = "attribute"
    CATEGORY_CODE = "category.code"
    CATEGORY_ID = "category.id"
    CATEGORY_NAME = "category.name"
    CATEGORY_TYPE = "category.type"
    CPN = "cpn"
    CREATED_AT = "createdAt"
    CREATED_BY = "createdBy"
    DESCRIPTION = "description"
    EID = "eid"
    FAVORITE = "favorite"
    ID = "id"
    LABEL = "label"
    MANUFACTURER = "manufacturer"
    MPN = "mpn"
    NAME = "name"
    PINNED = "pinned"
    PROCUREMENT = "procurement"
    REVISION = "revision"
    STATE = "state"
    STATUS_ID = "status.id"
    STATUS_NAME = "status.name"
    STATUS_TYPE = "status.mapsTo"
    TEXT = "text"
    """Name, CPN or description: what a bare word in the search bar is looked up in."""
    UPDATED_AT = "updatedAt"
    UPDATED_BY = "updatedBy"


class Operator(StrEnum):
    CONTAINS = "contains"
    ENDS_WITH = "endsWith"
    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    IN = "in"
    IS_NULL = "isNull"
    LT = "lt"
    LTE = "lte"
    STARTS_WITH = "startsWith"


Value = str | bool | float | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """`attribute` names the attribute, by id or name, when the field is ATTRIBUTE."""

    field: Field
    operator: Operator
    value: Value
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


Filter = Where | All | AnyOf | Not

EVERYTHING = All(())


class OrderField(StrEnum):
    CPN = "CPN"
    NAME = "NAME"
    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    STATUS = "STATUS"
    CATEGORY = "CATEGORY"
    REVISION = "REVISION"
    VERSION = "VERSION"


@dataclass(frozen=True, slots=True)
class Order:
    field: OrderField
    descending: bool = False


NEWEST_FIRST = (Order(OrderField.CREATED_AT, descending=True),)


FIELDS_OF_VERSIONS = frozenset(
    {
        Field.ARCHIVED,
        Field.CATEGORY_CODE,
        Field.CATEGORY_ID,
        Field.CATEGORY_NAME,
        Field.CATEGORY_TYPE,
        Field.DESCRIPTION,
        Field.EID,
        Field.LABEL,
        Field.NAME,
        Field.PROCUREMENT,
        Field.REVISION,
        Field.STATUS_ID,
        Field.STATUS_NAME,
        Field.STATUS_TYPE,
        Field.UPDATED_AT,
        Field.UPDATED_BY,
    }
)
"""What a version's own row tells, without a look at its component, its release or its details."""


def fields_of(tree: Filter) -> frozenset[Field]:
    """Every field that the filter asks about."""
    if isinstance(tree, Where):
        return frozenset({tree.field})
    parts = (tree.part,) if isinstance(tree, Not) else tree.parts
    return frozenset().union(*map(fields_of, parts))


def size_of(tree: Filter) -> tuple[int, int]:
    """Depth and number of leaves."""
    if isinstance(tree, Where):
        return 1, 1
    parts = (tree.part,) if isinstance(tree, Not) else tree.parts
    sizes = [size_of(part) for part in parts] or [(0, 0)]
    return 1 + max(depth for depth, _ in sizes), sum(leaves for _, leaves in sizes)
