"""Set-ups that come with the server: each a whole configuration, put together from the presets of the rooms that own the kinds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from plumbline.change_orders import shipped as templates
from plumbline.configuration.kinds import NUMBERING, REGISTRY, REVISIONS, TEMPLATE, DocumentName, path_of
from plumbline.configuration.model import File
from plumbline.numbering.shipped import DEFAULTS, PresetKind, preset_text

REGISTRIES = Path(__file__).parent.parent / "catalog" / "presets" / REGISTRY.schema_type
PRESET_DEFAULT = "electromechanical"


@cache
def preset_names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in REGISTRIES.glob("*.yaml")))


@cache
def preset_files(name: str) -> tuple[File, ...]:
    """`name` is one of `preset_names`; they differ in their registry."""
    registry = (REGISTRIES / f"{name}.yaml").read_text(encoding="utf-8")
    return (
        File(REGISTRY.file, registry),
        File(NUMBERING.file, preset_text(PresetKind.NUMBERS, DEFAULTS[PresetKind.NUMBERS])),
        File(REVISIONS.file, preset_text(PresetKind.REVISIONS, DEFAULTS[PresetKind.REVISIONS])),
        *(
            File(path_of(DocumentName(TEMPLATE.schema_type, each)), templates.preset_text(each))
            for each in templates.preset_names()
        ),
    )
