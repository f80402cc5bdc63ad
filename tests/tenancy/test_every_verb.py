"""Every action and every read, tried by every role, and by strangers. A verb that is not in the table below fails the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any, cast

import pytest

import plumbline.bootstrap
from plumbline.access.actions import add_member, create_api_key
from plumbline.access.model import NewMember
from plumbline.access.permissions import VERBS, Permission
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.roll_up import Combine
from plumbline.catalog.actions import create_categories
from plumbline.catalog.model import CategoryType, NewAttribute, NewCategory, NewStatus
from plumbline.change_orders.actions.comments import add_comment
from plumbline.change_orders.actions.delegating import delegate_review
from plumbline.change_orders.actions.review import close_change_order, hold_change_order, withdraw_change_order
from plumbline.change_orders.jobs import submit_validated, validate_change_order
from plumbline.change_orders.model import ChangeOrder, ChangeOrderEdit, ItemWish, NewChangeOrder, NewComment
from plumbline.change_orders.reads.orders import review_of
from plumbline.change_orders.shipped import preset_text
from plumbline.components.actions.update import archive_components
from plumbline.components.differences import VersionSpan
from plumbline.components.filter import All, Field, Operator, Where
from plumbline.components.model import Component, ComponentChange, MarkKind, NewComponent, ReleaseRequest
from plumbline.components.view import ViewMode
from plumbline.configuration.actions import create_rule, create_template
from plumbline.configuration.model import File
from plumbline.definitions.reads import configuration_history
from plumbline.exchange.actions import apply_import
from plumbline.exchange.exporting.shipped import chosen_template
from plumbline.exchange.mapping import remembered_form
from plumbline.exchange.model import ImportedData, ImportedPart, Origin
from plumbline.files.actions import open_uploads
from plumbline.files.model import NewUpload
from plumbline.imports.actions.steps import create_import, import_at_once, read_import, record_plan
from plumbline.imports.model import Import, ImportOptions
from plumbline.kit.actor import Role
from plumbline.kit.errors import Forbidden, Refusal
from plumbline.kit.ids import random_id
from plumbline.kit.paging import PageRequest
from plumbline.testing import make
from plumbline.testing.callers import Caller
from plumbline.validations.model import NewRule, RuleChange

assert plumbline.bootstrap.JOBS, "importing the rooms registers their verbs"

World = Any
_number = count(1)


@dataclass(frozen=True)
class Call:
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def call(*arguments: Any, **options: Any) -> Call:
    return Call(arguments, options)


def _name(what: str) -> str:
    return f"{what} {next(_number)} {random_id()[:6]}"


def _newcomer(role: Role = Role.EDITOR) -> NewMember:
    return NewMember(f"n{next(_number)}-{random_id()[:8]}@acme.example", "Newcomer", role)


def _colleague(world: World) -> str:
    return str(world.administrator.run(add_member, _newcomer()).user.id)


def _archived(world: World) -> str:
    return str(world.administrator.run(archive_components, [world.fresh().id])[0].id)


def _electrical(world: World) -> Component:
    category = NewCategory(_name("Resistor"), CategoryType.ELECTRICAL)
    return make.component(world.administrator, category=world.administrator.run(create_categories, [category])[0].id)


def _import() -> ImportedData:
    return ImportedData("table", (ImportedPart("a", _name("Imported"), Origin("list.csv")),), (), tops=("a",))


def _upload(world: World) -> str:
    return str(world.administrator.run(open_uploads, [NewUpload("list.csv", 10)])[0].id)


def _announced(world: World) -> Import:
    return cast("Import", world.administrator.run(create_import, [NewUpload("list.csv", 10)], ImportOptions()))


def _planned(world: World) -> str:
    announced = _announced(world)
    world.administrator.run(read_import, announced.id)
    return str(world.administrator.run(record_plan, announced.id, "table", {}, "0").id)


def _applied(world: World) -> str:
    return str(world.administrator.run(import_at_once, _import())[1].id)


def _remembered(world: World) -> str:
    """The header of a mapping that the library has; a fresh one for every call."""
    mapping = remembered_form([_name("Title")], {})
    world.administrator.run(apply_import, replace(_import(), mappings=(mapping,)))
    return mapping.header


def _version_before(world: World) -> int:
    world.administrator.run(create_template, _name("Template"), preset_text("default"))
    return int(world.administrator.ask(configuration_history)[1].number)


def _rule(world: World) -> str:
    return str(world.administrator.run(create_rule, NewRule(_name("Rule"), RULE_CODE)).id)


def _draft(world: World) -> ChangeOrder:
    return cast("ChangeOrder", world.draft(world.fresh()))


def _validated_draft(world: World) -> str:
    order = _draft(world)
    validate_change_order(world.team.application, world.team.engineer.actor, order.id)
    return order.id


def _under_review(world: World) -> str:
    order = _draft(world)
    return submit_validated(world.team.application, world.team.engineer.actor, order.id).id


def _validated_on_hold(world: World) -> str:
    order_id = _under_review(world)
    world.team.engineer.run(hold_change_order, order_id)
    validate_change_order(world.team.application, world.team.engineer.actor, order_id)
    return order_id


def _withdrawn(world: World) -> str:
    return str(world.team.engineer.run(withdraw_change_order, _draft(world).id).id)


def _closed(world: World) -> str:
    return str(world.team.engineer.run(close_change_order, _withdrawn(world)).id)


def _wished(world: World, verb: Callable[[str, str], Call]) -> Call:
    """A call about an item: of a draft, the component that is in it."""
    component = world.fresh()
    return verb(world.draft(component).id, component.id)


def _comment(world: World, author: Caller) -> tuple[str, str]:
    order = _draft(world)
    return order.id, author.run(add_comment, order.id, NewComment("Why?")).id


def _delegation(world: World, absent: Caller) -> str:
    return absent.run(delegate_review, _colleague(world), *AWAY).id


def _run_of(world: World) -> Call:
    order = _draft(world)
    digest = world.administrator.ask(review_of, order.id).digest
    return call(order.id, digest, "0" * 64, 0, [])


AWAY = (datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC))
RULE_CODE = "exports.validate = () => ({ valid: true });"


def _template_file() -> File:
    return File(f"change-orders/{_name('Template')}.yaml", preset_text("default"))


ARGUMENTS: dict[str, Callable[[World], Call]] = {
    "access.add_member": lambda w: call(_newcomer()),
    "access.api_keys": lambda w: call(),
    "access.caller": lambda w: call(),
    "access.change_role": lambda w: call(_colleague(w), Role.MANAGER),
    "access.create_api_key": lambda w: call(_name("Key")),
    "access.current_library": lambda w: call(),
    "access.libraries_of_organizations": lambda w: call([w.organization.id]),
    "access.member": lambda w: call(w.team.viewer.actor.user_id),
    "access.members": lambda w: call(),
    "access.organizations_of_caller": lambda w: call(),
    "access.remove_member": lambda w: call(_colleague(w)),
    "access.rename_library": lambda w: call(_name("Library")),
    "access.revoke_api_key": lambda w: call(w.administrator.run(create_api_key, "To be revoked").key.id),
    "access.users_by_ids": lambda w: call([w.team.viewer.actor.user_id, w.team.manager.actor.user_id]),
    "archives.archive_library": lambda w: call(BytesIO()),
    "boms.ancestors_of": lambda w: call(w.screw),
    "boms.compared_components": lambda w: call(w.leg, w.top),
    "boms.component_differences": lambda w: call([VersionSpan(w.leg.id), VersionSpan(w.screw.id, 1, 1)]),
    "boms.compared_versions": lambda w: call(w.leg, 1, 2),
    "boms.edit_boms": lambda w: call([BomEdit(w.fresh().id, add=(NewLine(w.screw.id, Decimal(2)),))]),
    "boms.exploded": lambda w: call(w.top),
    "boms.impact_of": lambda w: call([w.screw.id, w.leg.id]),
    "boms.line_by_id": lambda w: call(w.line.line_id),
    "boms.line_counts": lambda w: call([w.leg.key, w.top.key]),
    "boms.lines_by_keys": lambda w: call([w.line.key]),
    "boms.lines_of": lambda w: call([w.leg, w.top]),
    "boms.longest_lead_time": lambda w: call(w.top),
    "boms.product_keys": lambda w: call(),
    "boms.release_components": lambda w: call([ReleaseRequest(w.fresh().id)]),
    "boms.ring_if_released": lambda w: call([w.leg, w.top]),
    "boms.rolled_up_attribute": lambda w: call(w.top, w.attribute.id, Combine.SUM),
    "boms.rolled_up_cost": lambda w: call(w.top),
    "boms.rolled_up_quantities": lambda w: call(w.top),
    "boms.structure": lambda w: call(),
    "boms.tops_of": lambda w: call(w.screw),
    "boms.used_in": lambda w: call(w.screw),
    "catalog.add_attributes_to_category": lambda w: call(w.category.id, [w.attribute.id]),
    "catalog.catalog": lambda w: call(),
    "catalog.create_attributes": lambda w: call([NewAttribute(_name("Attribute"))]),
    "catalog.create_categories": lambda w: call(
        [NewCategory(_name("Category"), CategoryType.MECHANICAL, code=_name("C")[:12], parent_id=w.category.id)]
    ),
    "catalog.create_statuses": lambda w: call([NewStatus(_name("Status"), "DESIGN", "#123456")]),
    "catalog.prepared_rules": lambda w: call(),
    "change_orders.account_of": lambda w: call(w.order.id),
    "change_orders.add_comment": lambda w: call(_draft(w).id, NewComment("Why?")),
    "change_orders.add_items": lambda w: call(_draft(w).id, [ItemWish(w.fresh().id)]),
    "change_orders.awaiting_caller": lambda w: call(),
    "change_orders.change_order_by_id": lambda w: call(w.order.id),
    "change_orders.close_change_order": lambda w: call(_withdrawn(w)),
    "change_orders.comments_of": lambda w: call([_comment(w, w.team.viewer)[0]]),
    "change_orders.create_change_order": lambda w: call(
        NewChangeOrder(_name("Order"), template="One Stage", items=(ItemWish(w.fresh().id),))
    ),
    "change_orders.decide_stage": lambda w: call(_under_review(w), "APPROVED"),
    "change_orders.decisions_of": lambda w: call([w.order.id]),
    "change_orders.delete_change_order": lambda w: call(_draft(w).id),
    "change_orders.delegate_review": lambda w: call(_colleague(w), *AWAY),
    "change_orders.delegations": lambda w: call(),
    "change_orders.edit_comment": lambda w: call(*_comment(w, w.administrator), "How?"),
    "change_orders.end_delegation": lambda w: call(_delegation(w, w.administrator)),
    "change_orders.facts_of": lambda w: call(w.order.id),
    "change_orders.find_change_orders": lambda w: call([w.order.id]),
    "change_orders.hold_change_order": lambda w: call(_under_review(w)),
    "change_orders.item_differences": lambda w: call(w.order.id),
    "change_orders.items_of": lambda w: call([w.order.id]),
    "change_orders.last_runs": lambda w: call([w.order.id]),
    "change_orders.list_change_orders": lambda w: call(PageRequest(), counted=True),
    "change_orders.orders_holding": lambda w: call([w.held]),
    "change_orders.record_run": _run_of,
    "change_orders.refresh_items": lambda w: call(_draft(w).id),
    "change_orders.remove_items": lambda w: _wished(w, lambda order, item: call(order, [item])),
    "change_orders.reopen_change_order": lambda w: call(_closed(w)),
    "change_orders.reset_change_order": lambda w: call(_under_review(w)),
    "change_orders.resolve_comment": lambda w: call(*_comment(w, w.team.viewer)),
    "change_orders.results_of": lambda w: call([w.run_id]),
    "change_orders.resume_change_order": lambda w: call(_validated_on_hold(w)),
    "change_orders.review_of": lambda w: call(w.order.id),
    "change_orders.reviewers_of": lambda w: call([w.order.id]),
    "change_orders.reviews_of_orders": lambda w: call([w.order]),
    "change_orders.runs_of": lambda w: call([w.order.id], PageRequest(), counted=True),
    "change_orders.stages_of": lambda w: call([w.order.id]),
    "change_orders.submit_change_order": lambda w: call(_validated_draft(w)),
    "change_orders.suggested_items": lambda w: call(w.order.id),
    "change_orders.update_change_order": lambda w: call(ChangeOrderEdit(_draft(w).id, name=_name("Renamed"))),
    "change_orders.update_items": lambda w: _wished(w, lambda order, item: call(order, [ItemWish(item, revision="X")])),
    "change_orders.withdraw_change_order": lambda w: call(_under_review(w)),
    "components.aliases_of": lambda w: call(w.parts),
    "components.archive_components": lambda w: call([w.fresh().id]),
    "components.attribute_values_of": lambda w: call(w.parts),
    "components.briefs_by_keys": lambda w: call([each.key for each in w.parts]),
    "components.component_at_version": lambda w: call(w.leg.id, 1),
    "components.component_by_cpn": lambda w: call("OLD-1"),
    "components.components_by_ids": lambda w: call([each.id for each in w.parts]),
    "components.components_by_keys": lambda w: call([each.key for each in w.parts]),
    "components.create_components": lambda w: call(
        [NewComponent("New", w.category.id, status=w.status.id, attributes={w.attribute.id: "3 Nm"})]
    ),
    "components.find_components": lambda w: call([each.id for each in w.parts]),
    "components.list_components": lambda w: call(
        PageRequest(), narrowed_to=All((Where(Field.CATEGORY_ID, Operator.EQ, w.category.id),)), counted=True
    ),
    "components.mark_component": lambda w: call(w.fresh().id, MarkKind.PINNED),
    "components.marks_of": lambda w: call(w.parts),
    "components.releases_of": lambda w: call(w.screw.id),
    "components.restore_components": lambda w: call([_archived(w)]),
    "components.sources_of": lambda w: call(w.parts),
    "components.update_components": lambda w: call([ComponentChange(w.fresh().id, name=_name("Renamed"))]),
    "components.versions_of": lambda w: call(w.leg.id),
    "components.version_released_as": lambda w: call(w.screw.id, w.screw.released_revision),
    "components.view_as_of": lambda w: call(ViewMode.RELEASED, datetime(2026, 1, 1, tzinfo=UTC)),
    "components.view_at_version": lambda w: call(w.leg),
    "components.view_as_released": lambda w: call(w.screw.id, w.screw.released_revision),
    "configuration.apply_configuration": lambda w: call([_template_file()], complete=False),
    "configuration.configuration_drift": lambda w: call(),
    "configuration.configuration_files": lambda w: call(),
    "configuration.configuration_state": lambda w: call(),
    "configuration.create_rule": lambda w: call(NewRule(_name("Rule"), RULE_CODE)),
    "configuration.create_template": lambda w: call(_name("Template"), preset_text("default")),
    "configuration.faults_of_configuration": lambda w: call([_template_file()]),
    "configuration.plan_configuration": lambda w: call([_template_file()], complete=False),
    "configuration.plan_rollback": lambda w: call(1),
    "configuration.roll_back_configuration": lambda w: call(_version_before(w), allow=["all"]),
    "configuration.spec_violations": lambda w: call(),
    "configuration.update_rule": lambda w: call(_rule(w), RuleChange(is_active=False)),
    "configuration.version_changes": lambda w: call(1),
    "configuration.version_of_configuration": lambda w: call(1),
    "definitions.configuration_history": lambda w: call(),
    "definitions.definitions_at_version": lambda w: call(1),
    "definitions.definitions_in_force": lambda w: call(),
    "exchange.apply_import": lambda w: call(_import()),
    "exchange.column_mappings": lambda w: call(),
    "exchange.exported_bom": lambda w: call(w.top, chosen_template(None, None)),
    "exchange.forget_column_mapping": lambda w: call(_remembered(w)),
    "exchange.kicad_categories": lambda w: call(),
    "exchange.kicad_part_by_id": lambda w: call(_electrical(w).id),
    "exchange.kicad_parts": lambda w: call(_electrical(w).category_id),
    "exchange.packaged_product": lambda w: call(w.top),
    "exchange.planned_import": lambda w: call(_import()),
    "files.live_uploads": lambda w: call([_upload(w)]),
    "files.open_uploads": lambda w: call([NewUpload("list.csv", 10)]),
    "files.uploads_by_ids": lambda w: call([_upload(w)]),
    "imports.cancel_import": lambda w: call(_announced(w).id),
    "imports.carry_out": lambda w: call(_announced(w).id, _import(), None),
    "imports.create_import": lambda w: call([NewUpload("list.csv", 10)], ImportOptions()),
    "imports.files_of_imports": lambda w: call([_announced(w)]),
    "imports.import_at_once": lambda w: call(_import()),
    "imports.import_by_id": lambda w: call(_announced(w).id),
    "imports.list_imports": lambda w: call(PageRequest()),
    "imports.read_import": lambda w: call(_announced(w).id),
    "imports.record_plan": lambda w: call(_announced(w).id, "table", {}, "0"),
    "imports.start_applying": lambda w: call(_planned(w)),
    "imports.undo_import": lambda w: call(_applied(w)),
    "numbering.next_number_of": lambda w: call(w.category),
    "numbering.number_scheme": lambda w: call(),
    "numbering.revision_scheme": lambda w: call(),
    "validations.active_rules": lambda w: call(),
    "validations.rules_at_change": lambda w: call(w.change_number()),
    "validations.validation_rule": lambda w: call(_rule(w)),
    "validations.validation_rules": lambda w: call(),
}
"""What each verb is called with; fresh things where the verb uses them up."""

OF_ITS_OWNER: dict[str, Callable[[World, Caller], Call]] = {
    "access.revoke_api_key": lambda _, caller: call(caller.run(create_api_key, "My own").key.id),
    "change_orders.edit_comment": lambda w, caller: call(*_comment(w, caller), "How?"),
    "change_orders.end_delegation": lambda w, caller: call(_delegation(w, caller)),
}
"""What is done to something of one's own."""

LEAST_ROLE = {
    Permission.API_KEYS_MANAGE: Role.ADMINISTRATOR,
    Permission.API_KEYS_OWN: Role.VIEW_ONLY,
    Permission.BOMS_EDIT: Role.EDITOR,
    Permission.CATALOG_EDIT: Role.MANAGER,
    Permission.CHANGE_ORDERS_EDIT: Role.EDITOR,
    Permission.CHANGE_ORDERS_REVIEW: Role.VIEW_ONLY,
    Permission.COMPONENTS_ARCHIVE: Role.MANAGER,
    Permission.COMPONENTS_EDIT: Role.EDITOR,
    Permission.COMPONENTS_RELEASE: Role.MANAGER,
    Permission.CONFIGURATION_EDIT: Role.MANAGER,
    Permission.FILES_UPLOAD: Role.EDITOR,
    Permission.LIBRARY_ARCHIVE: Role.ADMINISTRATOR,
    Permission.LIBRARY_EDIT: Role.ADMINISTRATOR,
    Permission.LIBRARY_READ: Role.VIEW_ONLY,
    Permission.MARKS_OWN: Role.VIEW_ONLY,
    Permission.MEMBERS_MANAGE: Role.ADMINISTRATOR,
}
"""Said again here, by hand: a permission that moves to another role has to be moved twice."""

FUNCTIONS = {f"{verb.room}.{verb.name}": function for function, verb in VERBS.items()}
every_verb = pytest.mark.parametrize("name", sorted(FUNCTIONS))


def test_every_verb_is_tried() -> None:
    assert set(ARGUMENTS) == set(FUNCTIONS), "each verb has an entry in ARGUMENTS, and each entry its verb"
    assert set(LEAST_ROLE) == set(Permission)
    assert len(FUNCTIONS) == len(VERBS), "no two verbs of a room share a name"


@every_verb
def test_each_role_may_exactly_what_the_table_says(home: World, name: str) -> None:
    function, verb = FUNCTIONS[name], VERBS[FUNCTIONS[name]]
    ranks = list(Role)
    for role in Role:
        prepared = ARGUMENTS[name](home)
        caller = home.team.of_role(role)
        before = home.change_number()
        if ranks.index(role) >= ranks.index(LEAST_ROLE[verb.needs]):
            if name in OF_ITS_OWNER:
                prepared = OF_ITS_OWNER[name](home, caller)
            _do(caller, verb.kind, function, prepared)
        else:
            with pytest.raises(Forbidden, match=f"needs the permission {verb.needs}"):
                _do(caller, verb.kind, function, prepared)
            assert home.change_number() == before, "a refused action leaves nothing behind"


@every_verb
def test_what_belongs_to_another_library_is_what_never_existed(home: World, stranger: World, name: str) -> None:
    """The same refusal or the same answer, but for the ids; and nothing of the other library in it."""
    function, kind = FUNCTIONS[name], VERBS[FUNCTIONS[name]].kind
    foreign = ARGUMENTS[name](home)
    named = _named_in(foreign) - stranger.ids()
    unknown = {each: random_id() for each in named}
    keys = {each.key: 10**12 + number for number, each in enumerate(home.parts)} | {home.line.key: 10**12 + 99}
    missing = Call(
        tuple(_swapped(each, unknown, keys) for each in foreign.arguments),
        {each: _swapped(value, unknown, keys) for each, value in foreign.options.items()},
    )
    before = home.change_number()
    told = _outcome(stranger.administrator, kind, function, foreign)
    told_of_nothing = _outcome(stranger.administrator, kind, function, missing)
    assert home.change_number() == before, "nothing was changed in the other library"

    placeholder = {each: f"<{number}>" for number, each in enumerate(sorted(named))}
    placeholder |= {unknown[each]: text for each, text in placeholder.items()}
    neutral = {each: -number for number, each in enumerate(keys, start=1)}
    neutral |= {keys[each]: number for each, number in neutral.items()}
    plain = _text(_swapped(told, placeholder, neutral))
    leaked = {each for each in home.ids() - stranger.ids() if each in plain}
    assert not leaked, "ids of the other library in the answer"
    if named or name in BY_KEY_ALONE:
        assert plain == _text(_swapped(told_of_nothing, placeholder, neutral))


BY_KEY_ALONE = {
    "boms.line_counts",
    "boms.lines_by_keys",
    "components.briefs_by_keys",
    "components.components_by_keys",
}
"""Reads whose arguments are row numbers, which no surface shows."""


def _do(caller: Caller, kind: str, function: Callable[..., Any], prepared: Call) -> Any:
    door = caller.run if kind == "action" else caller.ask
    return door(function, *prepared.arguments, **prepared.options)


def _outcome(caller: Caller, kind: str, function: Callable[..., Any], prepared: Call) -> Any:
    try:
        return _do(caller, kind, function, prepared)
    except Refusal as refusal:
        return (type(refusal).__name__, refusal.code, refusal.message, refusal.path, refusal.expected, refusal.hint)


def _named_in(prepared: Call) -> set[str]:
    """Every id in the arguments, those of things that were made for the call among them."""
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, str):
            if len(value) == 36 and value.count("-") == 4:
                found.add(value)
        elif is_dataclass(value) and not isinstance(value, type):
            for each in fields(value):
                look(getattr(value, each.name))
        elif isinstance(value, Mapping):
            for key, each in value.items():
                look(key)
                look(each)
        elif isinstance(value, tuple | list | set | frozenset):
            for each in value:
                look(each)

    look(prepared.arguments)
    look(dict(prepared.options))
    return found


def _swapped(value: Any, texts: Mapping[str, str], keys: Mapping[int, int]) -> Any:
    """The same value with other ids and row numbers in it."""
    if isinstance(value, str):
        for old, new in texts.items():
            if old in value:
                value = value.replace(old, new) if type(value) is str else value
        return value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return keys.get(value, value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: _swapped(getattr(value, each.name), texts, keys) for each in fields(value) if each.init}
        return replace(value, **changes)
    if isinstance(value, Mapping):
        return {_swapped(key, texts, keys): _swapped(each, texts, keys) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(_swapped(each, texts, keys) for each in value)
    if isinstance(value, tuple | list):
        return type(value)(_swapped(each, texts, keys) for each in value)
    return value


def _text(value: Any) -> str:
    """Everything that is in a value, as one text."""
    if is_dataclass(value) and not isinstance(value, type):
        return json.dumps([_text(getattr(value, each.name)) for each in fields(value)])
    if isinstance(value, Mapping):
        return json.dumps([[_text(key), _text(each)] for key, each in value.items()])
    if isinstance(value, tuple | list):
        return json.dumps([_text(each) for each in value])
    if hasattr(value, "lines") and hasattr(value, "at_change"):  # a graph
        return _text(value.lines)
    return str(value)
