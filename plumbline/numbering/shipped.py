"""The schemes that come with the server, to start from or to keep."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from plumbline.kit.yaml_source import YamlDocument, load_yaml

FOLDER = Path(__file__).parent / "presets"


class PresetKind(StrEnum):
    """Named like the folders, and like the `schema_type` of the documents in them."""

    NUMBERS = "id_generation_scheme"
    REVISIONS = "revision_scheme_config"


DEFAULTS = {PresetKind.NUMBERS: "category-sequence", PresetKind.REVISIONS: "letters"}
"""What a new library begins with."""


def preset_names(kind: PresetKind) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (FOLDER / kind).glob("*.yaml")))


def preset_text(kind: PresetKind, name: str) -> str:
    """The YAML of a preset; `name` is one of `preset_names`, never what a caller typed."""
    return (FOLDER / kind / f"{name}.yaml").read_text(encoding="utf-8")


def preset_document(kind: PresetKind, name: str) -> YamlDocument:
    return load_yaml(preset_text(kind, name), f"{name}.yaml")
