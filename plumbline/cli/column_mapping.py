"""The file of `--mapping`: what the columns of tables mean, in JSON or YAML."""

from __future__ import annotations

from pathlib import Path

from plumbline.cli.errors import FileUnreadable
from plumbline.exchange.mapping import read_mapping
from plumbline.exchange.model import TableMapping
from plumbline.kit.yaml_source import load_yaml


def column_mapping(file: Path) -> tuple[dict[str, str], tuple[TableMapping, ...]]:
    """`{"Qty per board": "quantity"}` for all tables, or `tables` with an entry each; JSON is YAML too, so one reader serves both."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}.", path=("mapping",)) from error
    return read_mapping(load_yaml(content, file.name).value)
