"""A file as a template: its structure by the typed model, then what no structure can say. All faults of either step at once."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

from plumbline.change_orders.errors import InvalidTemplate
from plumbline.change_orders.field_reading import field_of
from plumbline.change_orders.template import (
    ApprovalType,
    Closing,
    Field,
    FieldGroup,
    NamedUser,
    NotifyList,
    ReservedRule,
    Resolutions,
    Reviewer,
    Stage,
    StateSettings,
    Template,
)
from plumbline.change_orders.template_language import (
    NAME_LENGTH_MAX,
    PAGE,
    FieldModel,
    GroupModel,
    NotifyModel,
    ResolutionsModel,
    StageModel,
    StateModel,
    TemplateModel,
    UserModel,
)
from plumbline.kit.document_faults import Faults, listed
from plumbline.kit.document_model import Path, read_model
from plumbline.kit.yaml_source import YamlDocument, YamlValue

Item = TypeVar("Item")

GROUPS: Path = ("details", "info", "groups")
OPEN: Path = ("stages", "open")


def template_from(document: YamlDocument) -> Template:
    """Raises InvalidTemplate with every fault, each with its line and column."""
    model = read_model(TemplateModel, document, InvalidTemplate, PAGE)
    reader = _Reader(document)
    info = model.details.info if model.details else None
    stages = model.stages
    template = Template(
        version=model.version,
        description=model.description,
        groups=reader.groups((info.groups if info else None) or ()),
        stages=reader.stages(stages.open),
        resolutions=reader.resolutions(stages.resolved.resolutions if stages.resolved else None),
        resolved=reader.state(stages.resolved, ("stages", "resolved")),
        closed=reader.state(stages.closed, ("stages", "closed")),
        on_hold=reader.state(stages.on_hold, ("stages", "onHold")),
        rules=tuple(ReservedRule(each.id, each.severity) for each in model.validations or ()),
    )
    reader.refuse_twins([each.id for each in template.rules], ("validations",), "id", "validations")
    reader.faults.raise_if_any()
    return template


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self.faults = Faults(InvalidTemplate, document, page=PAGE)

    # --- the form ---

    def groups(self, models: Sequence[GroupModel]) -> tuple[FieldGroup, ...]:
        names: dict[str, str] = {}
        return tuple(
            FieldGroup(model.name, model.icon, model.description, tuple(self._fields(model, (*GROUPS, index), names)))
            for index, model in enumerate(models)
        )

    def _fields(self, group: GroupModel, path: Path, names: dict[str, str]) -> Iterable[Field]:
        """`names` are those of all groups so far, because values are known by the name of their field alone."""
        for index, model in enumerate(group.fields):
            place = (*path, "fields", index)
            name = self._field_name(model, place)
            if name.lower() in names:
                self.faults.add(
                    (*place, "name" if model.name else "label"),
                    f"There are two fields named {name!r}"
                    + ("." if model.name else ", the name that is made from this label."),
                    expected="a name of its own for each field of the template",
                    hint=None if model.name else "Give the field a name.",
                )
            names[name.lower()] = name
            yield field_of(model, name, place, self.faults)

    def _field_name(self, model: FieldModel, place: Path) -> str:
        name = model.name or name_from(model.label)
        if not name:
            self.faults.add(
                (*place, "label"), f"No name can be made from {model.label!r}.", expected="'name' beside this label"
            )
        # A placeholder that no other field has, so that two such labels are not told to be twins as well.
        return name or f"({place})"

    # --- the review ---

    def stages(self, models: Sequence[StageModel]) -> tuple[Stage, ...]:
        self.refuse_twins([model.name for model in models], OPEN, "name", "stages")
        return tuple(self._stage(model, (*OPEN, index)) for index, model in enumerate(models))

    def _stage(self, model: StageModel, path: Path) -> Stage:
        for index, name in enumerate(model.types):
            if name in model.types[:index]:
                self.faults.add((*path, "types", index), f"{name!r} stands here twice.", expected="each type once")
        if model.default not in model.types:
            self.faults.add(
                (*path, "default"),
                f"The default {model.default!r} is not among the types of the stage.",
                expected=f"one of {listed(model.types)}" if len(model.types) > 1 else repr(model.types[0]),
                hint=f"Add {model.default} to types, or choose another default.",
            )
        return Stage(
            name=model.name,
            types=tuple(ApprovalType(name) for name in dict.fromkeys(model.types)),
            default_type=ApprovalType(model.default),
            minimum=max(model.min_reviewers or 1, 1),
            reviewers=self._reviewers(model, (*path, "reviewers", "users")),
            notify=self._notify(model.notify_list, (*path, "notifyList")),
        )

    def _reviewers(self, model: StageModel, path: Path) -> tuple[Reviewer, ...]:
        models = (model.reviewers.users if model.reviewers else None) or ()
        seen: set[NamedUser] = set()
        reviewers = []
        for index, each in enumerate(models):
            user = self._user(each, (*path, index))
            if user is None:
                continue
            if user in seen:
                key = "id" if user.id else "email"
                self.faults.add(
                    (*path, index, key),
                    f"The reviewer {user.id or user.email} stands in this stage twice.",
                    expected="each reviewer once",
                )
            seen.add(user)
            must_approve = each.is_required_to_approve or False
            reviewers.append(Reviewer(user, bool(each.is_required) or must_approve, must_approve))
        return tuple(reviewers)

    def _user(self, model: UserModel, path: Path) -> NamedUser | None:
        if (model.id is None) == (model.email is None):
            is_both = model.id is not None
            self.faults.add(
                (*path, "email") if is_both else path,
                "A user is named by 'id' or by 'email', not by both." if is_both else "The user is not named.",
                expected="one of id, email",
                at_key=is_both,
            )
            return None
        return NamedUser(model.id, model.email.lower() if model.email else None)

    def _notify(self, model: NotifyModel | None, path: Path) -> NotifyList:
        """Somebody who stands in the list twice is told once."""
        users = [self._user(each, (*path, "users", index)) for index, each in enumerate((model and model.users) or ())]
        emails = [email.lower() for email in (model and model.emails) or ()]
        return NotifyList(tuple(dict.fromkeys(user for user in users if user)), tuple(dict.fromkeys(emails)))

    # --- what follows ---

    def state(self, model: StateModel | None, path: Path) -> StateSettings:
        if model is None:
            return StateSettings()
        return StateSettings(model.actions or (), self._notify(model.notify_list, (*path, "notifyList")))

    def resolutions(self, model: ResolutionsModel | None) -> Resolutions:
        if model is None:
            return Resolutions()
        path = ("stages", "resolved", "resolutions")
        return Resolutions(
            self._closing(model.onapproval or (), (*path, "onapproval")),
            self._closing(model.onrejection or (), (*path, "onrejection")),
            self._closing(model.onwithdrawal or (), (*path, "onwithdrawal")),
        )

    def _closing(self, names: Sequence[str], path: Path) -> Closing:
        """By hand, unless the template says otherwise: what closes by itself closes before anybody has looked."""
        if len(set(names)) > 1:
            message = "A change order closes by itself or by hand, not both."
            self.faults.add(path, message, expected="AUTO_CLOSE or MANUAL_CLOSE")
        return Closing(names[0]) if names else Closing.MANUAL

    def refuse_twins(self, names: Sequence[str], path: Path, key: str, what: str) -> None:
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name.lower() in seen:
                message = f"There are two {what} with the {key} {name!r}."
                self.faults.add((*path, index, key), message, expected=f"a {key} of its own for each")
            seen.add(name.lower())


def name_from(label: str) -> str:
    """The name that programs use for a field without one: `Estimated cost (€)` becomes `estimated_cost`; empty if nothing is left."""
    ascii_only = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:NAME_LENGTH_MAX]
    return f"_{name}"[:NAME_LENGTH_MAX] if name[:1].isdigit() else name


# --- the file as it is shown again --------------------------------------------------------------------------------------------------

_NUMBERS = frozenset({"min", "max", "minReviewers"})
"""The keys whose values are numbers. All others are text, and are shown as they were written: `version: 1.10` is not 1.1."""

_SAFE_INTEGER = 2**53 - 1
"""Beyond it, JSON readers in JavaScript round."""


def template_config(document: YamlDocument) -> dict[str, YamlValue]:
    """The parsed file as a JSON object, its keys in the order in which they were written."""
    config = _shown(document.value, document, ())
    return config if isinstance(config, dict) else {}


def _shown(value: YamlValue, document: YamlDocument, path: Path) -> YamlValue:
    if isinstance(value, dict):
        return {key: _shown(each, document, (*path, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_shown(each, document, (*path, index)) for index, each in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    is_number = path[-1] in _NUMBERS and math.isfinite(value) and abs(value) <= _SAFE_INTEGER
    return value if is_number else document.text_at(path)
