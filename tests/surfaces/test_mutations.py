"""Every mutation of the platform API once with success, and once by a caller who may not: then it says so, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from plumbline.access.actions import add_member
from plumbline.access.model import NewMember
from plumbline.access.reads import api_keys
from plumbline.api.hub.schema import hub_schema
from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_of
from plumbline.change_orders.actions.comments import add_comment, resolve_comment
from plumbline.change_orders.actions.delegating import delegate_review
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.review import close_change_order, hold_change_order, withdraw_change_order
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import ItemWish, NewChangeOrder, NewComment, ReviewerWish, StageWish
from plumbline.change_orders.shipped import preset_text
from plumbline.components.actions.update import archive_components
from plumbline.components.actions.update import update_components as change_components
from plumbline.components.model import Component, ComponentChange
from plumbline.configuration.actions import create_rule, create_template
from plumbline.definitions.reads import configuration_history
from plumbline.exchange.actions import apply_import
from plumbline.exchange.mapping import header_key, remembered_form
from plumbline.exchange.model import ImportedData, ImportedPart, Origin
from plumbline.exchange.reads.mappings import column_mappings
from plumbline.files.model import NewUpload
from plumbline.imports.actions.steps import create_import, import_at_once, read_import, record_plan
from plumbline.imports.model import ImportOptions
from plumbline.kit.actor import Role
from plumbline.testing import make
from plumbline.testing.callers import Team
from plumbline.validations.model import NewRule

Variables = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """`prepare` makes what the mutation works on, and answers its variables and what the answer must show."""

    text: str
    prepare: Callable[[Team], tuple[Variables, Callable[[Any], bool]]]
    refused_at: tuple[str, ...]


CALLS: dict[str, Call] = {}
REVIEWING = frozenset({
    f"changeOrders.{verb}"
    for verb in (
        "addComment", "decide", "delegateReview", "editComment", "endDelegation", "reopenComment", "resolveComment",
    )
})  # fmt: skip
OPEN_TO_ALL = REVIEWING | {"apiKeys.create", "apiKeys.revoke", "component.setFavorite", "component.setPinned"}
"""What a View Only member may do: his own keys and marks, and reviewing."""
OF_ITS_OWNER = frozenset({"apiKeys.revoke", "changeOrders.editComment"})
"""Prepared for the Administrator below."""


def mutation(
    name: str, parameters: str, field: str, *, at_the_root: str = ""
) -> Callable[[Callable[[Team], Any]], Callable[[Team], Any]]:
    """`at_the_root`: arguments of the first field, which is the mutation then, and no namespace."""
    namespace = name.split(".")[0]

    def register(prepare: Callable[[Team], Any]) -> Callable[[Team], Any]:
        refused_at = (namespace,) if at_the_root else tuple(name.split("."))
        text = f"mutation({parameters}) {{ {namespace}{at_the_root} {{ {field} }} }}"
        CALLS[name] = Call(text, prepare, refused_at)
        return prepare

    return register


def part(team: Team, name: str = "Bracket") -> Component:
    return make.component(team.engineer, name)


def assembly(team: Team, *children: Component) -> tuple[Component, list[BomLine]]:
    made = make.assembly(team.engineer, "Frame", [(child, 1) for child in children])
    return made, team.viewer.ask(lines_of, [made])[made.key]


@mutation("library.update", "$name: String!", "update(input: { name: $name }) { id slug name createdAt }")
def rename_the_library(_team: Team) -> Any:
    return {"name": "Spare Parts"}, lambda answer: answer["name"] == "Spare Parts" and answer["slug"] == "main-library"


@mutation("user.add", "$input: AddUserInput!", "add(input: $input) { id name email primaryEmail role }")
def add_a_user(team: Team) -> Any:
    email = f"nora-{team.application.new_id()}@acme.example"
    return (
        {"input": {"email": email, "name": "Nora", "role": "EDITOR"}},
        lambda answer: (answer["email"], answer["role"]) == (email, "EDITOR"),
    )


def _newcomer(team: Team) -> str:
    email = f"{team.application.new_id()}@acme.example"
    return team.administrator.run(add_member, NewMember(email, "Newcomer", Role.EDITOR)).user.id


@mutation("user.setRole", "$id: ID!, $role: Role!", "setRole(userId: $id, role: $role) { id role }")
def set_a_role(team: Team) -> Any:
    user = _newcomer(team)
    return {"id": user, "role": "MANAGER"}, lambda answer: answer == {"id": user, "role": "MANAGER"}


@mutation("user.remove", "$id: ID!", "remove(userId: $id) { id role }")
def remove_a_user(team: Team) -> Any:
    user = _newcomer(team)
    return {"id": user}, lambda answer: answer == {"id": user, "role": None}


@mutation(
    "apiKeys.create",
    "$input: CreateApiKeyInput!",
    "create(input: $input) { secret key { id name prefix surface userId createdAt expiresAt lastUsedAt revokedAt } }",
)
def create_a_key(team: Team) -> Any:
    return (
        {"input": {"name": "Build server", "lifeDays": 30}},
        lambda answer: answer["key"]["prefix"] in answer["secret"] and answer["key"]["surface"] == "hub",
    )


@mutation("apiKeys.revoke", "$id: ID!", "revoke(id: $id) { id revokedAt }")
def revoke_a_key(team: Team) -> Any:
    from_now_on_dead = _key_of(team)
    return {"id": from_now_on_dead}, lambda answer: answer["revokedAt"] is not None


def _key_of(team: Team) -> str:
    secret = team.administrator.key()
    return next(key.id for key in team.administrator.ask(api_keys) if key.prefix in secret)


@mutation(
    "attribute.create", "$inputs: [CreateAttributeInput!]!", "create(inputs: $inputs) { id name type unit choices }"
)
def create_attributes(team: Team) -> Any:
    name = f"Stiffness {team.application.new_id()[:8]}"
    inputs = [{"name": name, "type": "NUMBER", "unit": "mm"}, {"name": f"{name} kind", "choices": ["low", "high"]}]
    return (
        {"inputs": inputs},
        lambda answer: (
            [(each["type"], each["unit"], each["choices"]) for each in answer]
            == [("NUMBER", "mm", []), ("STRING", None, ["low", "high"])]
        ),
    )


@mutation(
    "category.create",
    "$inputs: [CreateCategoryInput!]!",
    "create(inputs: $inputs) { id code name shortName type registryType unitOfMeasure parentId attributes { name } }",
)
def create_categories(team: Team) -> Any:
    wanted = {"name": "Hinge", "type": "MECHANICAL", "shortName": "HINGE", "attributes": ["Mass", "Material"]}
    return (
        {"inputs": [wanted]},
        lambda answer: (
            (answer[0]["type"], [each["name"] for each in answer[0]["attributes"]]) == ("PART", ["Mass", "Material"])
        ),
    )


@mutation(
    "category.addAttributes",
    "$id: ID!, $attributes: [ID!]!",
    "addAttributes(categoryId: $id, attributeIds: $attributes) { name attributes { name } }",
)
def add_attributes(_team: Team) -> Any:
    return {"id": "Label", "attributes": ["Color"]}, lambda answer: {"name": "Color"} in answer["attributes"]


@mutation("status.create", "$inputs: [CreateStatusInput!]!", "create(inputs: $inputs) { id name mapsTo color }")
def create_statuses(team: Team) -> Any:
    name = f"Pilot {team.application.new_id()[:8]}"
    return {
        "inputs": [{"name": name, "mapsTo": "PROTOTYPE"}]
    }, lambda answer: (answer[0]["name"], answer[0]["mapsTo"]) == (name, "PROTOTYPE")


EVERYTHING = {
    "name": "Resistor", "description": "Thick film", "categoryId": "Resistor", "statusId": "Prototype", "revisionValue": "A",
    "eid": "E-1", "procurement": "BUY", "unitOfMeasure": "EACH", "labels": ["smd"],
    "attributeValues": [{"attribute": "Resistance", "value": "4k7"}, {"attribute": "RoHS", "value": True}],
    "sources": [
        {
            "manufacturer": "Yageo", "mpn": "RC0603", "description": "Reel", "datasheet": "https://yageo.example/rc.pdf",
            "status": "PROPOSED",
            "offers": [
                {
                    "distributor": "Parts & Co", "sku": "1-2", "currency": "eur", "packQuantity": 10, "minimumQuantity": "20",
                    "leadTimeDays": 3, "link": "https://parts.example/1-2", "priceBreaks": [{"quantity": 1, "unitPrice": "0.0123"}],
                }
            ],
        }
    ],
}  # fmt: skip
SHOWN = """{ id cpn name description revisionValue version eid procurement unitOfMeasure labels status { name }
  attributeValues aliases { kind value }
  sources { status offers { currency packQuantity minimumQuantity priceBreaks { quantity unitPrice } } } }"""


@mutation("component.create", "$inputs: [CreateComponentInput!]!", f"create(inputs: $inputs) {SHOWN}")
def create_components(team: Team) -> Any:
    cpn = f"R-{team.application.new_id()[:8]}"
    first = {**EVERYTHING, "cpn": cpn, "aliases": [{"value": f"{cpn}-old", "kind": "erp"}]}
    second = {
        "name": "Washer",
        "cpnElements": [{"name": "sequence", "value": f"{int(team.application.new_id()[:4], 16) + 30000}"}],
    }

    def fits(answer: Any) -> bool:
        one, other = answer
        offer = one["sources"][0]["offers"][0]
        return (
            (one["cpn"], one["aliases"]) == (cpn, [{"kind": "erp", "value": f"{cpn}-old"}])
            and (one["status"], one["attributeValues"]["RoHS"]) == ({"name": "Prototype"}, True)
            and (offer["currency"], offer["packQuantity"]) == ("EUR", "10")
            and offer["priceBreaks"] == [{"quantity": "1", "unitPrice": "0.0123"}]
            and other["cpn"].endswith(second["cpnElements"][0]["value"])
        )

    return {"inputs": [first, second]}, fits


@mutation("component.update", "$inputs: [UpdateComponentInput!]!", f"update(inputs: $inputs) {SHOWN}")
def update_components(team: Team) -> Any:
    one, other = part(team), part(team)
    change = {**EVERYTHING, "id": one.id, "expectedVersion": 1, "aliases": [{"value": f"old {one.cpn}"}]}
    cleared = {"id": other.id, "description": None, "eid": None, "revisionValue": None, "labels": None, "sources": None}
    return (
        {"inputs": [change, cleared]},
        lambda answer: (
            [(each["id"], each["version"]) for each in answer] == [(one.id, 2), (other.id, 1)]
            and answer[0]["name"] == "Resistor"
        ),
    )


@mutation("component.delete", "$ids: [ID!]!", "delete(ids: $ids)")
def delete_components(team: Team) -> Any:
    ids = [part(team).id, part(team).id]
    return {"ids": ids}, lambda answer: answer == ids


@mutation("component.archive", "$ids: [ID!]!", "archive(ids: $ids) { id isArchived version }")
def archive(team: Team) -> Any:
    one = part(team)
    return {"ids": [one.id]}, lambda answer: answer == [{"id": one.id, "isArchived": True, "version": 2}]


@mutation("component.restore", "$ids: [ID!]!", "restore(ids: $ids) { id isArchived version }")
def restore(team: Team) -> Any:
    one = part(team)
    team.manager.run(archive_components, [one.id])
    return {"ids": [one.id]}, lambda answer: answer == [{"id": one.id, "isArchived": False, "version": 3}]


@mutation(
    "component.release",
    "$inputs: [ReleaseComponentInput!]!",
    "release(inputs: $inputs) { id state version revisionValue releasedVersion releasedRevision releasedAt status { name } }",
)
def release(team: Team) -> Any:
    one, other = part(team), part(team)
    inputs = [{"id": one.id, "statusId": "Production", "expectedVersion": 1}, {"id": other.id, "revisionValue": "C"}]
    return {
        "inputs": inputs
    }, lambda answer: [each["state"] for each in answer] == ["RELEASED"] * 2 and answer[1]["releasedRevision"] == "C"


@mutation("component.setFavorite", "$id: ID!", "setFavorite(id: $id) { isFavorite isBookmarked isPinned }")
def set_favorite(team: Team) -> Any:
    return {"id": part(team).id}, lambda answer: answer == {"isFavorite": True, "isBookmarked": True, "isPinned": False}


@mutation("component.setPinned", "$id: ID!", "setPinned(id: $id, pinned: true) { isFavorite isPinned }")
def set_pinned(team: Team) -> Any:
    return {"id": part(team).id}, lambda answer: answer == {"isFavorite": False, "isPinned": True}


LINES = "{ id version children { id childId quantity exactQuantity unit itemNumber refDes notes isDoNotPlace substitutes { id } } }"


@mutation("component.editBoms", "$edits: [BomEditInput!]!", f"editBoms(edits: $edits) {LINES}")
def edit_several_boms(team: Team) -> Any:
    bolt, nut, washer = part(team, "Bolt"), part(team, "Nut"), part(team, "Washer")
    frame, (first, second) = assembly(team, bolt, nut)
    other, _ = assembly(team, bolt)
    edits = [
        {
            "parentId": frame.id, "expectedVersion": 2, "add": [{"childId": washer.id, "quantity": "0.5"}],
            "change": [{"id": first.line_id, "quantity": 4}], "remove": [second.line_id],
        },
        {"parentId": other.id, "lines": [{"childId": nut.id, "quantity": 3}]},
    ]  # fmt: skip
    return (
        {"edits": edits},
        lambda answer: (
            [[(line["childId"], line["exactQuantity"]) for line in each["children"]] for each in answer]
            == [[(bolt.id, "4"), (washer.id, "0.5")], [(nut.id, "3")]]
        ),
    )


@mutation(
    "component.addChildren",
    "$id: ID!, $links: [AssemblyLinkInput!]!",
    f"addChildren(parentId: $id, expectedVersion: 1, links: $links) {LINES}",
)
def add_children(team: Team) -> Any:
    frame, chip, other = part(team, "Board"), part(team, "Chip"), part(team, "Other chip")
    link = {
        "childId": chip.id, "quantity": 3, "unit": "ea", "itemNumber": 10, "refDes": "U1-U3", "notes": "Top side",
        "isDoNotPlace": True, "substitutes": [other.id],
    }  # fmt: skip
    return {"id": frame.id, "links": [link]}, lambda answer: {
        **answer["children"][0], "id": None,
    } == {
        "id": None, "childId": chip.id, "quantity": 3.0, "exactQuantity": "3", "unit": "EACH", "itemNumber": 10,
        "refDes": "U1-U3", "notes": "Top side", "isDoNotPlace": True, "substitutes": [{"id": other.id}],
    }  # fmt: skip


@mutation(
    "component.updateChildren",
    "$id: ID!, $links: [AssemblyLinkChangeInput!]!",
    f"updateChildren(parentId: $id, links: $links) {LINES}",
)
def update_children(team: Team) -> Any:
    frame, (line,) = assembly(team, part(team, "Bolt"))
    nut = part(team, "Nut")
    return {
        "id": frame.id,
        "links": [{"id": line.line_id, "childId": nut.id}],
    }, lambda answer: (answer["children"][0]["id"], answer["children"][0]["childId"]) == (line.line_id, nut.id)


@mutation(
    "component.moveChildren",
    "$id: ID!, $moves: [AssemblyLinkMoveInput!]!",
    f"moveChildren(parentId: $id, moves: $moves) {LINES}",
)
def move_children(team: Team) -> Any:
    frame, (one, two, three) = assembly(team, part(team, "A"), part(team, "B"), part(team, "C"))
    other, _ = assembly(team, part(team, "D"))
    moves = [{"id": three.line_id, "beforeLinkId": one.line_id}, {"id": two.line_id, "toParentId": other.id}]
    return {
        "id": frame.id,
        "moves": moves,
    }, lambda answer: [each["id"] for each in answer["children"]] == [three.line_id, one.line_id]


@mutation(
    "component.removeChildren", "$id: ID!, $lines: [ID!]!", f"removeChildren(parentId: $id, linkIds: $lines) {LINES}"
)
def remove_children(team: Team) -> Any:
    frame, (one, two) = assembly(team, part(team, "A"), part(team, "B"))
    return {
        "id": frame.id,
        "lines": [one.line_id],
    }, lambda answer: [each["id"] for each in answer["children"]] == [two.line_id]


@mutation(
    "component.replaceChildren",
    "$id: ID!, $links: [AssemblyLinkInput!]!",
    f"replaceChildren(parentId: $id, links: $links) {LINES}",
)
def replace_children(team: Team) -> Any:
    bolt = part(team, "Bolt")
    frame, (one, _two) = assembly(team, bolt, part(team, "Nut"))
    return {
        "id": frame.id,
        "links": [{"childId": bolt.id, "quantity": 8}],
    }, lambda answer: [(each["id"], each["quantity"]) for each in answer["children"]] == [(one.line_id, 8.0)]


def import_data(*, name: str = "Lamp") -> dict[str, Any]:
    origin = {"file": "lamp.csv", "row": 2}
    return {
        "version": 1,
        "format": "table",
        "parts": [
            {"key": f"{name}/top", "name": name, "origin": origin, "kind": "ASSEMBLY"},
            {"key": f"{name}/bulb", "name": f"{name} bulb", "origin": origin},
        ],
        "lines": [{"parentKey": f"{name}/top", "childKey": f"{name}/bulb", "quantity": "2", "origin": origin}],
        "tops": [f"{name}/top"],
    }


@mutation(
    "imports.applyData",
    "$data: JSON!",
    "applyData(data: $data) { importId created updated unchanged lines conflicts tops notices }",
)
def apply_an_import_and_remember_its_columns(team: Team) -> Any:
    title = f"Foo {team.application.new_id()[:8]}"
    said = {"header": "", "titles": [title, "Bar"], "columns": {title: "number"}}

    def fits(answer: Any) -> bool:
        (known,) = team.administrator.ask(column_mappings, [header_key([title, "Bar"])])
        is_remembered = (known.titles, known.columns) == ((title, "Bar"), {title: "number"})
        return is_remembered and (answer["created"], answer["conflicts"], len(answer["tops"])) == (2, 0, 1)

    return {"data": {**import_data(name=f"Lamp {team.application.new_id()[:8]}"), "mappings": [said]}}, fits


@mutation("imports.forgetColumnMapping", "$header: ID!", "forgetColumnMapping(header: $header)")
def forget_a_column_mapping(team: Team) -> Any:
    mapping = remembered_form([f"Title {team.application.new_id()}"], {})
    team.administrator.run(apply_import, ImportedData("table", (), (), mappings=(mapping,)))

    def is_forgotten(answer: Any) -> bool:
        return answer is True and not team.administrator.ask(column_mappings, [mapping.header])

    return {"header": mapping.header}, is_forgotten


@mutation(
    "configuration.apply",
    "$input: ApplyConfigurationInput!",
    "apply(input: $input) { plan { isEmpty steps { key verdict } documents { path what } } version { number reason } }",
)
def apply_a_configuration(team: Team) -> Any:
    name = f"Review {team.application.new_id()[:8]}"
    files = [{"path": f"change-orders/{name}.yaml", "text": preset_text("default")}]
    wanted = {"files": files, "complete": False, "reason": "A review of our own", "allow": []}
    steps = [{"key": f"template.add:{name}", "verdict": "SAFE"}]
    return {
        "input": wanted
    }, lambda answer: (answer["plan"]["steps"], answer["version"]["reason"]) == (steps, "A review of our own")


@mutation(
    "configuration.rollback",
    "$input: RollBackConfigurationInput!",
    "rollback(input: $input) { plan { steps { kind } } version { number origin } }",
)
def roll_back_a_configuration(team: Team) -> Any:
    name = f"Short-lived {team.application.new_id()[:8]}"
    team.administrator.run(create_template, name, preset_text("default"))
    [newest, before] = team.viewer.ask(configuration_history, limit=2)
    wanted = {"version": before.number, "reason": "Not needed"}
    return (
        {"input": wanted},
        lambda answer: (
            (answer["plan"]["steps"], answer["version"])
            == ([{"kind": "template.remove"}], {"number": newest.number + 1, "origin": "rollback"})
        ),
    )


REASONS = {"reason": "cost", "details": "It was too dear."}
"""What the template `default` requires."""
_ORDER = "id number version status resolution"


def order_with(team: Team, *components: Component) -> str:
    """A draft of the Editor's, with seats for an Administrator and a View Only member, of whom one is enough."""
    seats = tuple(ReviewerWish(each.actor.user_id) for each in (team.administrator, team.viewer))
    items = tuple(ItemWish(each.id) for each in components or (part(team),))
    stages = (StageWish("Review", approval_type="Minimum", reviewers=seats),)
    return team.engineer.run(
        create_change_order, NewChangeOrder("Cheaper brackets", contents=REASONS, items=items, stages=stages)
    ).id


def order_under_review(team: Team) -> str:
    return submit_validated(team.application, team.engineer.actor, order_with(team)).id


def becomes(status: str, resolution: str = "PENDING") -> Callable[[Any], bool]:
    return lambda answer: (answer["status"], answer["resolution"]) == (status, resolution)


@mutation(
    "changeOrders.create",
    "$input: CreateChangeOrderInput!",
    f"create(input: $input) {{ {_ORDER} name type contents {{ name values }} items {{ proposedRevision component {{ id }} }} }}",
)
def create_an_order(team: Team) -> Any:
    bracket = part(team)
    items = [{"itemId": bracket.id, "proposedRevision": "B"}]
    wanted = {"name": "Cheaper brackets", "type": "MCO", "contents": REASONS, "items": items}
    return (
        {"input": wanted},
        lambda answer: (
            (answer["name"], answer["type"], answer["items"])
            == ("Cheaper brackets", "MCO", [{"proposedRevision": "B", "component": {"id": bracket.id}}])
            and {"name": "reason", "values": ["cost"]} in answer["contents"]
        ),
    )


@mutation(
    "createChangeOrder.changeOrder",
    "$input: CreateChangeOrderByTitleInput!",
    f"changeOrder {{ {_ORDER} name items {{ component {{ id }} }} }}",
    at_the_root="(input: $input)",
)
def create_an_order_by_its_title(team: Team) -> Any:
    bracket = part(team)
    return {
        "input": {"title": "Cheaper", "affectedComponentIds": [bracket.id]}
    }, lambda answer: (answer["name"], answer["items"]) == ("Cheaper", [{"component": {"id": bracket.id}}])


@mutation(
    "changeOrders.update",
    "$input: UpdateChangeOrderInput!",
    f"update(input: $input) {{ {_ORDER} name type stages {{ decisionMethod notifyList {{ email }} }} }}",
)
def update_an_order(team: Team) -> Any:
    stages = [{"stage": "review", "decisionMethod": "majority", "notify": ["board@example.com"]}]
    wanted = {"id": order_with(team), "expectedVersion": 1, "name": "Dearer", "stages": stages}
    return (
        {"input": wanted},
        lambda answer: (
            (answer["name"], answer["version"], answer["stages"])
            == ("Dearer", 2, [{"decisionMethod": "Majority", "notifyList": [{"email": "board@example.com"}]}])
        ),
    )


_ITEMS = "items { itemVersion proposedRevision component { id } }"
_ON_ITEMS = "$id: ID!, $input: [ChangeOrderItemInput!]!"


@mutation("changeOrders.delete", "$id: ID!", "delete(id: $id)")
def throw_a_draft_away(team: Team) -> Any:
    order = order_with(team, part(team))
    return {"id": order}, lambda answer: answer == order


@mutation("changeOrders.addItems", _ON_ITEMS, f"addItems(changeOrderId: $id, input: $input) {{ {_ITEMS} }}")
def add_items_to_an_order(team: Team) -> Any:
    first, second = part(team), part(team)
    return {
        "id": order_with(team, first),
        "input": [{"itemId": second.id}],
    }, lambda answer: [each["component"]["id"] for each in answer["items"]] == [first.id, second.id]


@mutation("changeOrders.updateItems", _ON_ITEMS, f"updateItems(changeOrderId: $id, input: $input) {{ {_ITEMS} }}")
def choose_for_items(team: Team) -> Any:
    bracket = part(team)
    return {
        "id": order_with(team, bracket),
        "input": [{"itemId": bracket.id, "proposedRevision": "C"}],
    }, lambda answer: [each["proposedRevision"] for each in answer["items"]] == ["C"]


@mutation("changeOrders.refreshItems", "$id: ID!", f"refreshItems(changeOrderId: $id) {{ {_ITEMS} }}")
def look_at_items_anew(team: Team) -> Any:
    bracket = part(team)
    order = order_with(team, bracket)
    team.engineer.run(change_components, [ComponentChange(bracket.id, name="Angle")])
    return {"id": order}, lambda answer: [each["itemVersion"] for each in answer["items"]] == [2]


@mutation(
    "changeOrders.removeItems",
    "$id: ID!, $items: [ID!]!",
    f"removeItems(changeOrderId: $id, itemIds: $items) {{ {_ITEMS} }}",
)
def take_items_off(team: Team) -> Any:
    first, second = part(team), part(team)
    return {
        "id": order_with(team, first, second),
        "items": [first.id],
    }, lambda answer: [each["component"]["id"] for each in answer["items"]] == [second.id]


@mutation(
    "changeOrders.validate",
    "$id: ID!",
    "validate(id: $id) { id isValid validationRun { id state } changeOrder { id status } }",
)
def validate_an_order(team: Team) -> Any:
    order = order_with(team)
    return (
        {"id": order},
        lambda answer: (
            (answer["id"], answer["isValid"], answer["changeOrder"]) == (order, True, {"id": order, "status": "DRAFT"})
        ),
    )


@mutation("changeOrders.submitForReview", "$id: ID!", f"submitForReview(id: $id) {{ {_ORDER} }}")
def submit_an_order(team: Team) -> Any:
    return {"id": order_with(team)}, becomes("OPEN")


@mutation(
    "changeOrders.decide",
    "$id: ID!",
    f'decide(id: $id, decision: "REJECTED", note: "Not yet.") {{ {_ORDER} stages {{ state decisions {{ note }} }} }}',
)
def decide_a_stage(team: Team) -> Any:
    return {"id": order_under_review(team)}, lambda answer: answer["stages"][0]["decisions"] == [{"note": "Not yet."}]


@mutation("changeOrders.hold", "$id: ID!", f"hold(id: $id) {{ {_ORDER} }}")
def put_on_hold(team: Team) -> Any:
    return {"id": order_under_review(team)}, becomes("ON_HOLD")


@mutation("changeOrders.resume", "$id: ID!", f"resume(id: $id) {{ {_ORDER} }}")
def resume_a_review(team: Team) -> Any:
    return {"id": team.engineer.run(hold_change_order, order_under_review(team)).id}, becomes("OPEN")


@mutation("changeOrders.withdraw", "$id: ID!", f"withdraw(id: $id) {{ {_ORDER} }}")
def withdraw_an_order(team: Team) -> Any:
    return {"id": order_under_review(team)}, becomes("RESOLVED", "WITHDRAWN")


@mutation("changeOrders.reset", "$id: ID!", f"reset(id: $id) {{ {_ORDER} }}")
def reset_an_order(team: Team) -> Any:
    return {"id": order_under_review(team)}, becomes("DRAFT")


def withdrawn_order(team: Team) -> str:
    return team.engineer.run(withdraw_change_order, order_with(team)).id


@mutation("changeOrders.close", "$id: ID!", f"close(id: $id) {{ {_ORDER} closedAt }}")
def close_an_order(team: Team) -> Any:
    return {"id": withdrawn_order(team)}, becomes("CLOSED", "WITHDRAWN")


@mutation("changeOrders.reopen", "$id: ID!", f"reopen(id: $id) {{ {_ORDER} }}")
def reopen_an_order(team: Team) -> Any:
    return {"id": team.engineer.run(close_change_order, withdrawn_order(team)).id}, becomes("DRAFT")


_THREADS = "comments { text resolvedAt replies { text } }"


def commented(team: Team) -> Variables:
    """An order with a comment of the Administrator's."""
    order = order_with(team)
    return {"id": order, "comment": team.administrator.run(add_comment, order, NewComment("Why?")).id}


@mutation(
    "changeOrders.addComment",
    "$id: ID!, $input: CommentInput!",
    f"addComment(changeOrderId: $id, input: $input) {{ {_THREADS} }}",
)
def comment_on_an_order(team: Team) -> Any:
    begun = commented(team)
    answered = {"text": "Cost.", "parentId": begun["comment"]}
    return {
        "id": begun["id"],
        "input": answered,
    }, lambda answer: answer["comments"] == [{"text": "Why?", "resolvedAt": None, "replies": [{"text": "Cost."}]}]


_ON_COMMENT = "$id: ID!, $comment: ID!"


@mutation(
    "changeOrders.editComment",
    _ON_COMMENT,
    f'editComment(changeOrderId: $id, commentId: $comment, text: "How?") {{ {_THREADS} }}',
)
def edit_a_comment(team: Team) -> Any:
    return commented(team), lambda answer: [each["text"] for each in answer["comments"]] == ["How?"]


@mutation(
    "changeOrders.resolveComment",
    _ON_COMMENT,
    f"resolveComment(changeOrderId: $id, commentId: $comment) {{ {_THREADS} }}",
)
def resolve_a_comment(team: Team) -> Any:
    return commented(team), lambda answer: answer["comments"][0]["resolvedAt"] is not None


@mutation(
    "changeOrders.reopenComment",
    _ON_COMMENT,
    f"reopenComment(changeOrderId: $id, commentId: $comment) {{ {_THREADS} }}",
)
def reopen_a_comment(team: Team) -> Any:
    begun = commented(team)
    team.viewer.run(resolve_comment, begun["id"], begun["comment"])
    return begun, lambda answer: answer["comments"][0]["resolvedAt"] is None


AWAY = (datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC))
_DELEGATION = "id user { id } delegate { id } startsAt endsAt"


@mutation(
    "changeOrders.delegateReview",
    "$delegate: ID!",
    'delegateReview(delegateId: $delegate, startsAt: "2030-01-01T00:00:00Z", endsAt: "2030-02-01T00:00:00Z")'
    f" {{ {_DELEGATION} }}",
)
def name_who_stands_in(team: Team) -> Any:
    delegate = team.manager.actor.user_id
    return {"delegate": delegate}, lambda answer: answer["delegate"] == {"id": delegate}


@mutation("changeOrders.endDelegation", "$id: ID!", f"endDelegation(id: $id) {{ {_DELEGATION} }}")
def call_a_delegation_off(team: Team) -> Any:
    made = team.viewer.run(delegate_review, team.manager.actor.user_id, *AWAY)
    return {"id": made.id}, lambda answer: answer["id"] == made.id


@mutation(
    "changeOrders.createTemplate",
    "$input: CreateTemplateInput!",
    "createTemplate(input: $input) { id name config library { id name } createdAt }",
)
def create_a_template(team: Team) -> Any:
    name = f"Template {team.application.new_id()[:8]}"
    return {
        "input": {"name": name, "configYAML": preset_text("double")}
    }, lambda answer: (answer["name"], answer["config"]["schema_type"]) == (name, "change_order_scheme")


CODE = "exports.validate = async () => ({ valid: true });"
_RULE = "id name type version code description onFailure isActive library { id } createdAt updatedAt"


@mutation("validations.create", "$input: CreateValidationRuleInput!", f"create(input: $input) {{ {_RULE} }}")
def create_a_rule(team: Team) -> Any:
    name = f"Rule: {team.application.new_id()}"
    wanted = {"name": name, "code": CODE, "onFailure": "warning", "type": "Custom", "isActive": False}
    shown = {"name": name, "code": CODE, "onFailure": "WARNING", "type": "custom", "isActive": False}
    return {"input": wanted}, lambda answer: shown.items() <= answer.items()


@mutation(
    "validations.update",
    "$id: ID!, $input: UpdateValidationRuleInput!",
    f"update(id: $id, input: $input) {{ {_RULE} updatedBy {{ id }} }}",
)
def update_a_rule(team: Team) -> Any:
    made = team.manager.run(create_rule, NewRule(f"Rule: {team.application.new_id()}", CODE, "Why"))
    change = {"description": None, "version": "2"}
    return (
        {"id": made.id, "input": change},
        lambda answer: {**change, "code": CODE, "isActive": True}.items() <= answer.items(),
    )


_LIST = [NewUpload("list.csv", 10)]


@mutation(
    "imports.create", "$input: CreateImportInput!", "create(input: $input) { id state files { name uploadAddress } }"
)
def announce_an_import(_team: Team) -> Any:
    files = [{"name": "list.csv", "size": 10, "sha256": "0" * 64}]
    return {
        "input": {"files": files, "options": {"inheritLines": False}}
    }, lambda answer: answer["state"] == "OPEN" and answer["files"][0]["uploadAddress"].startswith("/files/uploads/")


def test_nobody_but_who_announced_a_file_sees_where_it_is_sent(hub_of, team) -> None:
    made = team.engineer.run(create_import, _LIST, ImportOptions())
    text = f'{{ imports {{ get(id: "{made.id}") {{ files {{ name uploadAddress }} }} }} }}'
    for caller in (team.viewer, team.administrator):
        assert hub_of(caller).data(text)["imports"]["get"]["files"] == [{"name": "list.csv", "uploadAddress": None}]
    [own] = hub_of(team.engineer).data(text)["imports"]["get"]["files"]
    assert own["uploadAddress"].startswith("/files/uploads/")


@mutation("imports.read", "$input: ReadImportInput!", "read(input: $input) { id state options { into } }")
def read_an_import(team: Team) -> Any:
    made = team.engineer.run(create_import, _LIST, ImportOptions())
    return {
        "input": {"id": made.id, "options": {"into": "LAMP"}}
    }, lambda answer: (answer["state"], answer["options"]["into"]) == ("READING", "LAMP")


@mutation("imports.apply", "$input: ApplyImportInput!", "apply(input: $input) { id state }")
def apply_a_planned_import(team: Team) -> Any:
    made = team.engineer.run(create_import, _LIST, ImportOptions())
    team.engineer.run(read_import, made.id)
    team.engineer.run(record_plan, made.id, "table", {}, "0")
    return {"input": {"id": made.id, "expectedPlan": "0"}}, lambda answer: answer["state"] == "APPLYING"


@mutation("imports.undo", "$input: UndoImportInput!", "undo(input: $input) { id state }")
def undo_an_import(team: Team) -> Any:
    part = ImportedPart("a", f"Lamp {team.application.new_id()}", Origin("list.csv"))
    _, made = team.manager.run(import_at_once, ImportedData("table", (part,), (), tops=("a",)))
    return {"input": {"id": made.id}}, lambda answer: answer["state"] == "UNDONE"


@mutation("imports.cancel", "$input: CancelImportInput!", "cancel(input: $input) { id state }")
def cancel_an_import(team: Team) -> Any:
    made = team.engineer.run(create_import, _LIST, ImportOptions())
    return {"input": {"id": made.id}}, lambda answer: answer["state"] == "CANCELLED"


def mutations_of_the_schema() -> set[str]:
    root = hub_schema().graphql.mutation_type
    assert root is not None
    namespaces = {name: get_named_type(field.type) for name, field in root.fields.items()}
    assert all(isinstance(each, GraphQLObjectType) for each in namespaces.values())
    return {f"{name}.{field}" for name, each in namespaces.items() for field in each.fields}


def test_every_mutation_of_the_schema_is_tried() -> None:
    assert set(CALLS) == mutations_of_the_schema()


@pytest.mark.parametrize("name", CALLS)
def test_success(hub_of, shared_team, name) -> None:
    call = CALLS[name]
    variables, fits = call.prepare(shared_team)
    data = hub_of(shared_team.administrator).data(call.text, variables)
    namespace, field = name.split(".")
    assert fits(data[namespace][field]), data


@pytest.mark.parametrize("name", sorted(set(CALLS) - OPEN_TO_ALL))
def test_view_only_members_change_nothing(hub_of, shared_team, nothing_written, name) -> None:
    call = CALLS[name]
    variables, _ = call.prepare(shared_team)
    with nothing_written(shared_team.viewer):
        answer = hub_of(shared_team.viewer).answer(call.text, variables)
    assert (answer.status, answer.codes) == (200, {"FORBIDDEN"})
    assert answer.errors[0]["message"].startswith("Not authorized")
    assert answer.errors[0]["extensions"]["classification"] == "AuthorizationError"
    assert answer.errors[0]["path"] == list(call.refused_at)


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL - OF_ITS_OWNER))
def test_view_only_members_review_and_have_keys_and_marks_of_their_own(hub_of, shared_team, name) -> None:
    call = CALLS[name]
    variables, fits = call.prepare(shared_team)
    namespace, field = name.split(".")
    assert fits(hub_of(shared_team.viewer).data(call.text, variables)[namespace][field])


def test_a_comment_is_edited_by_its_author_alone(hub_of, shared_team, nothing_written) -> None:
    call = CALLS["changeOrders.editComment"]
    variables, _ = call.prepare(shared_team)
    with nothing_written(shared_team.viewer):
        answer = hub_of(shared_team.manager).answer(call.text, variables)
    assert (answer.status, answer.codes) == (200, {"FORBIDDEN"})


def test_nobody_decides_without_a_seat_or_calls_off_what_others_arranged(hub_of, shared_team, nothing_written) -> None:
    for name in ("changeOrders.decide", "changeOrders.endDelegation"):
        variables, _ = CALLS[name].prepare(shared_team)
        with nothing_written(shared_team.viewer):
            answer = hub_of(shared_team.engineer).answer(CALLS[name].text, variables)
        assert (answer.status, answer.codes) == (200, {"FORBIDDEN"}), name


NAMES_NOTHING = {"component.create", "changeOrders.createTemplate"}


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name in CALLS
        if name.startswith(("component.", "changeOrders.", "createChangeOrder.")) and name not in NAMES_NOTHING
    ),
)
def test_what_is_of_another_library_is_not_there(hub_of, shared_team, strangers, nothing_written, name) -> None:
    """The same valid call by an Administrator of another library, unless it names nothing of this one."""
    call = CALLS[name]
    variables, _ = call.prepare(shared_team)
    with nothing_written(shared_team.viewer):
        answer = hub_of(strangers.administrator).answer(call.text, variables)
    assert (answer.status, answer.codes) == (200, {"NOT_FOUND"})


def test_fields_of_one_namespace_run_in_order_until_one_is_refused(hub) -> None:
    """Each is a transaction of its own: what was done before the refusal stays, and what comes after it is not begun."""
    text = """mutation { component {
        one: create(inputs: [{ name: "One" }]) { cpn }
        two: create(inputs: [{ name: "" }]) { cpn }
        three: create(inputs: [{ name: "Three" }]) { cpn }
    } }"""
    answer = hub.answer(text)
    assert (answer.status, answer.codes) == (200, {"BAD_USER_INPUT"})
    assert [each["path"] for each in answer.errors] == [["component", "two"]]
    found = hub.data("{ components { nodes { name } } }")["components"]["nodes"]
    assert [each["name"] for each in found] == ["One"]


def test_what_a_mutation_answers_is_what_is_there_afterwards(hub) -> None:
    text = """mutation { component {
        one: create(inputs: [{ name: "One" }]) { cpn }
        two: create(inputs: [{ name: "Two" }]) { cpn category { name attributes { name } } }
    } status { create(inputs: [{ name: "Pilot", mapsTo: "PROTOTYPE" }]) { name } } }"""
    made = hub.data(text)
    assert made["component"]["one"] == [{"cpn": "000-00001"}]
    assert made["component"]["two"][0]["cpn"] == "000-00002"
    assert {"name": "Mass"} in made["component"]["two"][0]["category"]["attributes"]
    assert made["status"]["create"] == [{"name": "Pilot"}]
