"""The file of `--mapping`: header text to column role, in JSON or YAML."""

from __future__ import annotations

from pathlib import Path

from plumbline.cli.errors import FileUnreadable
from plumbline.kit.yaml_source import load_yaml


def column_mapping(file: Path) -> dict[str, str]:
    """`{"Qty per board": "quantity"}`; JSON is YAML too, so one reader serves both."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}.", path=("mapping",)) from error
    mapping = load_yaml(content, file.name).value
    if not isinstance(mapping, dict) or not all(isinstance(role, str) for role in mapping.values()):
        raise FileUnreadable(
            f"{file} is no mapping of columns.",
            path=("mapping",),
            expected='an object of texts, such as {"Qty per board": "quantity"}',
        )
    return {str(header): str(role) for header, role in mapping.items()}
