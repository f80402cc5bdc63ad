"""The templates that come with the server, to start from or to keep."""

from __future__ import annotations

from pathlib import Path

from plumbline.kit.yaml_source import YamlDocument, load_yaml

FOLDER = Path(__file__).parent / "presets" / "change_order_scheme"

DEFAULTS = ("default", "double")
"""What a new library begins with; the first is used unless somebody chooses."""


def preset_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def preset_text(name: str) -> str:
    """The YAML of a preset; `name` is one of `preset_names`, never what a caller typed."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def preset_document(name: str) -> YamlDocument:
    return load_yaml(preset_text(name), f"{name}.yaml")
