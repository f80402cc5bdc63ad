"""From a filter to SQL.

Texts compare by bytes, except that the text operators (contains, startsWith, endsWith) ignore the case of a to z. What a leaf says about
categories and statuses is settled in memory first: the catalog is small, and its tables are another room's. Their names and codes are
equal in any case, as everywhere else where somebody names a category or a status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Select
from sqlalchemy.sql.functions import FunctionElement

from plumbline.catalog.attributes import expectation
from plumbline.catalog.model import Attribute, AttributeType, configured_types
from plumbline.catalog.reads import Catalog
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import (
    VALUES_MAX,
    All,
    AnyOf,
    Field,
    Filter,
    Not,
    Operator,
    Order,
    OrderField,
    Value,
    Where,
)
from plumbline.components.model import ComponentState, MarkKind
from plumbline.components.store.rows import usual_sort_column
from plumbline.components.store.tables import aliases, attribute_values, components, marks, releases, sources, versions
from plumbline.components.view import View, ViewMode
from plumbline.kit.measures import measure
from plumbline.kit.paging import InvalidPage
from plumbline.numbering.revision_scheme import sort_key
from plumbline.storage.intervals import OPEN, holds_at_change, holds_at_version
from plumbline.storage.schema import text_type

Condition = ColumnElement[bool]
CURSOR_HINT = "Send the endCursor of the page before, with the same filter and order."

_COLUMNS: Mapping[Field, Any] = {
    Field.CPN: components.c.cpn,
    Field.CREATED_AT: components.c.created_at,
    Field.CREATED_BY: components.c.created_by,
    Field.DESCRIPTION: versions.c.description,
    Field.EID: versions.c.eid,
    Field.ID: components.c.id,
    Field.CATEGORY_ID: versions.c.category_id,
    Field.NAME: versions.c.name,
    Field.PROCUREMENT: versions.c.procurement,
    Field.STATUS_ID: versions.c.status_id,
    Field.UPDATED_AT: versions.c.saved_at,
    Field.UPDATED_BY: versions.c.saved_by,
}


class FilterCompiler:
    """Knows what the SQL of a leaf depends on beside the leaf: the view, the caller and the catalog, which is asked for only if needed."""

    def __init__(self, view: View, user_id: str, catalog: Callable[[], Catalog]) -> None:
        self._view = view
        self._user_id = user_id
        self._catalog = catalog

    def condition(self, tree: Filter) -> Condition:
        if isinstance(tree, All):
            return and_(true(), *(self.condition(part) for part in tree.parts))
        if isinstance(tree, AnyOf):
            return or_(false(), *(self.condition(part) for part in tree.parts))
        if isinstance(tree, Not):
            return not_(func.coalesce(self.condition(tree.part), false()))
        return self._leaf(tree)

    def _leaf(self, leaf: Where) -> Condition:
        field = leaf.field
        if field in _COLUMNS:
            return compare(_COLUMNS[field], leaf.operator, leaf.value)
        return _SPECIAL[field](self, leaf)

    def _text(self, leaf: Where) -> Condition:
        columns = (versions.c.name, components.c.cpn, versions.c.description)
        return or_(*(compare(column, leaf.operator, leaf.value) for column in columns))

    def _state(self, leaf: Where) -> Condition:
        wanted = {str(value).upper() for value in _many(leaf)}
        if not wanted <= set(ComponentState):
            raise InvalidFilter(f"{leaf.value!r} is not a state.", path=("state",), expected="RELEASED or MODIFIED")
        released = func.coalesce(releases.c.version == versions.c.number, false())
        return or_(
            false(), *(released if each == ComponentState.RELEASED else not_(released) for each in sorted(wanted))
        )

    def _archived(self, leaf: Where) -> Condition:
        return versions.c.is_archived.is_(_flag(leaf))

    def _category_type(self, leaf: Where) -> Condition:
        types = {each for value in _many(leaf) for each in configured_types(str(value).upper())}
        return versions.c.category_id.in_([each.id for each in self._catalog().categories if each.type in types])

    def _category_named(self, leaf: Where) -> Condition:
        name = "code" if leaf.field is Field.CATEGORY_CODE else "name"
        fitting = [
            each.id for each in self._catalog().categories if fits(getattr(each, name), leaf.operator, leaf.value)
        ]
        return versions.c.category_id.in_(fitting)

    def _status_named(self, leaf: Where) -> Condition:
        name = "name" if leaf.field is Field.STATUS_NAME else "maps_to"
        fitting = [each.id for each in self._catalog().statuses if fits(getattr(each, name), leaf.operator, leaf.value)]
        return versions.c.status_id.in_(fitting)

    def _revision(self, leaf: Where) -> Condition:
        """Compared in the order of revisions: A < B < AA, A.2 < A.10."""
        if leaf.operator in (Operator.GT, Operator.GTE, Operator.LT, Operator.LTE):
            key = sort_key(str(leaf.value)[:50])
            return and_(versions.c.revision.is_not(None), compare(versions.c.revision_sort, leaf.operator, key))
        return compare(versions.c.revision, leaf.operator, leaf.value)

    def _label(self, leaf: Where) -> Condition:
        if leaf.operator is Operator.IS_NULL:
            return versions.c.labels == "[]" if leaf.value else versions.c.labels != "[]"
        label = texts_in(versions.c.labels).table_valued("value").c.value
        return exists(select(literal_column("1")).where(compare(cast(label, text_type), leaf.operator, leaf.value)))

    def _marked(self, leaf: Where) -> Condition:
        kind = MarkKind.FAVORITE if leaf.field is Field.FAVORITE else MarkKind.PINNED
        query = select(marks.c.component_key).where(marks.c.user_id == self._user_id, marks.c.kind == kind)
        condition = components.c.key.in_(query)
        return condition if _flag(leaf) else not_(condition)

    def _alias(self, leaf: Where) -> Condition:
        return self._detail(aliases, leaf, lambda operator: compare(aliases.c.value, operator, leaf.value), true())

    def _manufacturer(self, leaf: Where) -> Condition:
        named = sources.c.manufacturer != ""
        return self._detail(
            sources, leaf, lambda operator: and_(named, compare(sources.c.manufacturer, operator, leaf.value)), named
        )

    def _mpn(self, leaf: Where) -> Condition:
        named = sources.c.mpn != ""
        return self._detail(
            sources, leaf, lambda operator: and_(named, compare(sources.c.mpn, operator, leaf.value)), named
        )

    def _attribute_value(self, leaf: Where) -> Condition:
        attribute = self._catalog().attribute(leaf.attribute or "", ("attribute",))
        mine = attribute_values.c.attribute_id == attribute.id

        def value_fits(operator: Operator) -> Condition:
            if operator is Operator.IN:
                return and_(
                    mine, or_(false(), *(_attribute_fits(attribute, Operator.EQ, each) for each in _many(leaf)))
                )
            return and_(mine, _attribute_fits(attribute, operator, leaf.value))

        return self._detail(attribute_values, leaf, value_fits, mine)

    def _detail(
        self,
        table: Table,
        leaf: Where,
        row_fits: Callable[[Operator], Condition],
        any_value: Condition,
    ) -> Condition:
        """Whether one of the component's rows in the table fits; `isNull` asks whether there is none with any value."""
        rows: Select[Any] = select(table.c.key).where(table.c.component_key == components.c.key)
        if self._view.mode is ViewMode.RELEASED:
            rows = rows.where(holds_at_version(table, versions.c.number))
        else:
            rows = rows.where(holds_at_change(table, self._view.at_change))
        if leaf.operator is Operator.IS_NULL:
            condition = exists(rows.where(any_value))
            return not_(condition) if _flag(leaf) else condition
        return exists(rows.where(row_fits(leaf.operator)))


_SPECIAL: Mapping[Field, Callable[[FilterCompiler, Where], Condition]] = {
    Field.ALIAS: FilterCompiler._alias,
    Field.ARCHIVED: FilterCompiler._archived,
    Field.ATTRIBUTE: FilterCompiler._attribute_value,
    Field.CATEGORY_CODE: FilterCompiler._category_named,
    Field.CATEGORY_NAME: FilterCompiler._category_named,
    Field.CATEGORY_TYPE: FilterCompiler._category_type,
    Field.FAVORITE: FilterCompiler._marked,
    Field.LABEL: FilterCompiler._label,
    Field.MANUFACTURER: FilterCompiler._manufacturer,
    Field.MPN: FilterCompiler._mpn,
    Field.PINNED: FilterCompiler._marked,
    Field.REVISION: FilterCompiler._revision,
    Field.STATE: FilterCompiler._state,
    Field.STATUS_NAME: FilterCompiler._status_named,
    Field.STATUS_TYPE: FilterCompiler._status_named,
    Field.TEXT: FilterCompiler._text,
}


def compare(column: Any, operator: Operator, value: Value) -> Condition:
    """One column against one value."""
    if operator is Operator.IS_NULL:
        return column.is_(None) if value else column.is_not(None)  # type: ignore[no-any-return]  # columns of several types
    if operator is Operator.IN:
        values = value if isinstance(value, tuple) else (value,)
        if len(values) > VALUES_MAX:
            raise InvalidFilter(
                f"A list in the filter has {len(values)} members.", path=("in",), expected=f"at most {VALUES_MAX}"
            )
        return column.in_(values)  # type: ignore[no-any-return]  # columns of several types
    if operator in _LIKE:
        return func.lower(column).like(_LIKE[operator].format(_escaped_like(_ascii_lower(str(value)))), escape="\\")
    return _ORDERED[operator](column, value)


_LIKE = {Operator.CONTAINS: "%{}%", Operator.STARTS_WITH: "{}%", Operator.ENDS_WITH: "%{}"}
_ORDERED: Mapping[Operator, Callable[[Any, Any], Condition]] = {
    Operator.EQ: lambda column, value: column == value,
    Operator.GT: lambda column, value: column > value,
    Operator.GTE: lambda column, value: column >= value,
    Operator.LT: lambda column, value: column < value,
    Operator.LTE: lambda column, value: column <= value,
}


def fits(text: str, operator: Operator, value: Value) -> bool:
    """`compare`, of a name or code in memory; equal in any case."""
    if operator is Operator.IS_NULL:
        return not value
    here = _ascii_lower(text)
    if operator in (Operator.EQ, Operator.IN):
        return here in {_ascii_lower(str(each)) for each in (value if isinstance(value, tuple) else (value,))}
    if operator in _LIKE:
        wanted = _ascii_lower(str(value))
        return {
            Operator.CONTAINS: wanted in here,
            Operator.STARTS_WITH: here.startswith(wanted),
            Operator.ENDS_WITH: here.endswith(wanted),
        }[operator]
    return bool(_ORDERED[operator](text, str(value)))


def order_columns(order: Sequence[Order], catalog: Callable[[], Catalog]) -> list[tuple[Any, bool]]:
    """Columns to sort by, with `descending`; the component's key comes last, so that the order is total."""
    descending = order[-1].descending if order else False
    return [(_sort_column(each.field, catalog), each.descending) for each in order] + [(components.c.key, descending)]


def _sort_column(field: OrderField, catalog: Callable[[], Catalog]) -> Any:
    """Statuses sort by their place in the lifecycle, categories by name."""
    if field is OrderField.STATUS:
        places = {each.id: each.position for each in catalog().statuses}
        return case(places, value=versions.c.status_id, else_=-1) if places else versions.c.number * 0
    if field is OrderField.CATEGORY:
        names = {each.id: each.name for each in catalog().categories}
        # The cast gives the names the byte order of every other text.
        return cast(case(names, value=versions.c.category_id, else_=""), text_type) if names else versions.c.category_id
    return usual_sort_column(field)


def after_position(columns: Sequence[tuple[Any, bool]], values: Sequence[Any]) -> Condition:
    """Rows that come after the one with these sort values, which a cursor names: they may be anything."""
    if not all(_can_be(column, value) for (column, _), value in zip(columns, values, strict=True)):
        raise InvalidPage("The cursor in `after` does not belong to this list.", path=("after",), hint=CURSOR_HINT)
    alternatives: list[Condition] = []
    for index, (column, descending) in enumerate(columns):
        same = [earlier == value for (earlier, _), value in zip(columns[:index], values[:index], strict=True)]
        beyond = column < values[index] if descending else column > values[index]
        alternatives.append(and_(*same, beyond))
    return or_(*alternatives)


def _can_be(column: Any, value: Any) -> bool:
    """Whether a database can compare the column with the value."""
    if column.type.python_type is int:
        return type(value) is int and abs(value) <= OPEN
    return isinstance(value, str) and "\x00" not in value


def _attribute_fits(attribute: Attribute, operator: Operator, value: Value) -> Condition:
    """By number where the value is one, else by text; a list fits if one of its texts does."""
    wanted = str(value)
    if attribute.type == AttributeType.BOOLEAN:
        wanted = {"yes": "true", "no": "false"}.get(wanted.lower(), wanted.lower())
    if operator in _ORDERED and attribute.type != AttributeType.DATE:
        found = measure(wanted, attribute.unit)
        if found is not None:
            return _near(attribute_values.c.number, operator, float(found.number))
        if attribute.type == AttributeType.NUMBER:
            raise InvalidFilter(
                f"{wanted[:40]!r} cannot be compared with {attribute.name}.",
                path=("attribute",),
                expected=expectation(attribute),
            )
        if attribute.type == AttributeType.LIST:
            return compare(attribute_values.c.text, Operator.CONTAINS, orjson.dumps(wanted).decode())
    return compare(attribute_values.c.text, operator, wanted)


def _near(column: Any, operator: Operator, number: float) -> Condition:
    """Numbers in base units went through binary floats on both sides; equal means within a part in a thousand million."""
    below, above = number - abs(number) * 1e-9, number + abs(number) * 1e-9
    conditions: Mapping[Operator, Condition] = {
        Operator.EQ: and_(column >= below, column <= above),
        Operator.GT: column > above,
        Operator.GTE: column >= below,
        Operator.LT: column < below,
        Operator.LTE: column <= above,
    }
    return conditions[operator]


def _many(leaf: Where) -> tuple[Any, ...]:
    return leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)


def _flag(leaf: Where) -> bool:
    if not isinstance(leaf.value, bool):
        raise InvalidFilter(
            f"{leaf.field} is compared with {leaf.value!r}.", path=(leaf.field,), expected="true or false"
        )
    return leaf.value


def _escaped_like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _ascii_lower(text: str) -> str:
    """Both databases fold a to z only, so that they agree."""
    return "".join(character.lower() if character.isascii() else character for character in text)


class texts_in(FunctionElement[str]):  # noqa: N801  # a function of SQL, named like its kin
    """The texts of a column that holds a JSON list, one row each, in a column named `value`."""

    inherit_cache = True


@compiles(texts_in, "sqlite")
def _texts_in_sqlite(element: texts_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(texts_in, "postgresql")
def _texts_in_postgresql(element: texts_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"
