"""Shipped catalogs: YAML files under presets/, each a set of statuses, attributes and categories to start with (pure)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from plumbline.catalog.model import AttributeType, CategoryType, NewAttribute, NewCategory, NewStatus, Preset
from plumbline.kit.yaml_source import load_yaml

PRESETS = Path(__file__).parent / "presets"
PRESET_DEFAULT = "electromechanical"


def shipped_presets() -> list[str]:
    return sorted(file.stem for file in PRESETS.glob("*.yaml"))


def shipped_preset(name: str = PRESET_DEFAULT) -> Preset:
    """A preset by the name of its file; raises KeyError if none is shipped under it."""
    if name not in shipped_presets():
        raise KeyError(name)
    file = PRESETS / f"{name}.yaml"
    document = _Document.model_validate(load_yaml(file.read_bytes(), file.name).value)
    return Preset(
        tuple(NewStatus(each.name, each.mapsTo, each.color) for each in document.statuses),
        tuple(
            NewAttribute(each.name, each.type, each.unit, each.sourceKey, tuple(each.choices))
            for each in document.attributes
        ),
        tuple(
            NewCategory(
                each.name,
                each.type,
                each.code,
                each.shortName,
                each.unitOfMeasure,
                attributes=tuple(dict.fromkeys((*each.attributes, *document.typeAttributes.get(each.type, ())))),
            )
            for each in document.categories
        ),
    )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Status(_Strict):
    name: str
    mapsTo: str  # noqa: N815  # the spelling of the file
    color: Annotated[str, Field(pattern="^#[0-9A-F]{6}$")]


class _Attribute(_Strict):
    name: str
    type: AttributeType
    unit: str | None = None
    sourceKey: str | None = None  # noqa: N815  # the spelling of the file
    choices: list[str] = []


class _Category(_Strict):
    code: str
    type: CategoryType
    name: str
    shortName: str | None = None  # noqa: N815  # the spelling of the file
    unitOfMeasure: str = "EACH"  # noqa: N815  # the spelling of the file
    attributes: list[str] = []


class _Document(_Strict):
    version: str
    schema_type: str
    description: str
    statuses: list[_Status]
    attributes: list[_Attribute]
    typeAttributes: dict[CategoryType, list[str]]  # noqa: N815  # the spelling of the file
    categories: list[_Category]
