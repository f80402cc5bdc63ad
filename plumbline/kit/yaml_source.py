"""Configuration text: a strict reader of YAML that remembers where every value stands and how it was written.

Plain scalars mean what the core schema of YAML 1.2 says: `yes`, `on` and `12:30` are text, `010` is the number ten. How a number was
written stays reachable, because `version: 1.10` is meant as text. Keys are always text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.kit.errors import PathPart
from plumbline.kit.late import LateModule
from plumbline.kit.yaml_composer import (
    START,
    UNPRINTABLE,
    Composer,
    ListNode,
    MapEntry,
    MapNode,
    Node,
    Position,
    ScalarNode,
    YamlPath,
    YamlRefused,
    YamlScalar,
    YamlValue,
)

if TYPE_CHECKING:
    import yaml
else:
    yaml = LateModule("yaml")

__all__ = ["Position", "YamlDocument", "YamlPath", "YamlRefused", "YamlScalar", "YamlValue", "load_yaml"]

SIZE_MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document: its plain value, and by path where each part of it stands."""

    name: str
    """The file as its author knows it; stands in front of every position."""
    value: YamlValue
    root: Node

    def written_value(self) -> object:
        """The plain value, its numbers as WrittenInteger and WrittenFloat, which know how they were written."""
        return written_value(self.root)

    def position_of(self, path: YamlPath) -> Position:
        """Where the value starts; for a path that does not exist, where the nearest part around it starts."""
        return self._lookup(path)[1].position

    def key_position_of(self, path: YamlPath) -> Position:
        """Where the key of the value starts; where the value itself starts if it is an item of a list."""
        entry, node = self._lookup(path)
        return entry.key_position if entry else node.position

    def where(self, path: YamlPath) -> str:
        """`file:line:column` of the value."""
        position = self.position_of(path)
        return f"{self.name}:{position.line}:{position.column}"

    def text_at(self, path: YamlPath) -> str | None:
        """A scalar as it was written (`1.0`, `007`, `TRUE`); None if the path leads to no scalar."""
        node = self.root
        for part in path:
            child = child_of(node, part)
            if child is None:
                return None
            node = child.node
        return node.text if isinstance(node, ScalarNode) else None

    def _lookup(self, path: YamlPath) -> tuple[MapEntry | None, Node]:
        entry: MapEntry | None = None
        node = self.root
        for part in path:
            child = child_of(node, part)
            if child is None:
                break
            entry, node = (child if isinstance(node, MapNode) else None), child.node
        return entry, node


def child_of(node: Node, part: PathPart) -> MapEntry | None:
    """The part of a mapping or list under a key or index; an item's entry starts where the item starts."""
    if isinstance(node, MapNode) and isinstance(part, str):
        return node.entries.get(part)
    if isinstance(node, ListNode) and isinstance(part, int) and 0 <= part < len(node.items):
        return MapEntry(node.items[part].position, node.items[part])
    return None


def load_yaml(data: bytes | str, name: str = "document.yaml") -> YamlDocument:
    """Reads one document; an empty text is the value None. Raises YamlRefused with every fault that can be seen at once."""
    text = readable_text(data, name)
    guarded = guard_templates(text)
    composer = Composer(name=name, unguard=unguard_templates if guarded != text else str)
    try:
        for event in yaml.parse(guarded, Loader=yaml.CSafeLoader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        composer.faults.append(syntax_refusal(error, text, name, composer.path()))
    except yaml.YAMLError as error:
        raise YamlRefused(f"this is not YAML: {error}.", name=name, position=START) from error
    root = composer.finished()
    return YamlDocument(name, plain_value(root), root)


def plain_value(node: Node) -> YamlValue:
    """Dicts, lists and scalars of the node; what an alias shares is copied, so that nobody changes two places at once."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [plain_value(item) for item in node.items]
    return {key: plain_value(entry.node) for key, entry in node.entries.items()}


class WrittenInteger(int):
    """A whole number that knows how it was written: `007`."""

    text: str


class WrittenFloat(float):
    """A number that knows how it was written: `1.10`."""

    text: str


def written_value(node: Node) -> object:
    if isinstance(node, ListNode):
        return [written_value(item) for item in node.items]
    if isinstance(node, MapNode):
        return {key: written_value(entry.node) for key, entry in node.entries.items()}
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return node.value
    number: WrittenInteger | WrittenFloat = (
        WrittenInteger(node.value) if isinstance(node.value, int) else WrittenFloat(node.value)
    )
    number.text = node.text
    return number


# --- the text before parsing -----------------------------------------------------------------------------------------------------


def readable_text(data: bytes | str, name: str) -> str:
    """The text of a file that is small enough, UTF-8 and free of control characters."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > SIZE_MAX_BYTES:
        raise YamlRefused(f"the file has {size} bytes; at most {SIZE_MAX_BYTES} are read.", name=name, position=START)
    text = (utf8_text(data, name) if isinstance(data, bytes) else data).removeprefix("\ufeff")
    found = UNPRINTABLE.search(text)
    if found:
        raise YamlRefused(
            f"the character U+{ord(found.group()):04X} cannot be part of a configuration text.",
            name=name,
            position=position_at(text, found.start()),
            hint="Remove it, or save the file as plain UTF-8 text.",
        )
    return text


def utf8_text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise YamlRefused(
            f"the byte 0x{data[error.start]:02X} is not UTF-8.",
            name=name,
            position=position_at(data[: error.start].decode("utf-8"), error.start),
            hint="Save the file with the encoding UTF-8.",
        ) from error


def position_at(text: str, index: int) -> Position:
    before = text[:index]
    return Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


# A template such as ${{ duro.categories }} is plain text, but inside [ ] or { } YAML would read its braces as a mapping. Its braces are
# exchanged for two private characters while the parser looks, one for one, so that no position moves.
TEMPLATE = re.compile(r"\$\{\{[\w. \t]*\}\}")
GUARDS = str.maketrans("{}", "\ue100\ue101")
UNGUARDS = str.maketrans("\ue100\ue101", "{}")


def guard_templates(text: str) -> str:
    if "\ue100" in text or "\ue101" in text:
        return text
    return TEMPLATE.sub(lambda found: found.group().translate(GUARDS), text)


def unguard_templates(text: str) -> str:
    return text.translate(UNGUARDS)


def syntax_refusal(error: yaml.MarkedYAMLError, text: str, name: str, path: YamlPath) -> YamlRefused:
    """The parser's complaint in our form; a tab in the indentation is named, because it cannot be seen."""
    mark = error.problem_mark or error.context_mark
    position = Position(mark.line + 1, mark.column + 1) if mark else START
    lines = text.splitlines()
    line = lines[position.line - 1] if position.line <= len(lines) else ""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        position = Position(position.line, indentation.index("\t") + 1)
        return YamlRefused(
            "a tab cannot indent YAML.", name=name, position=position, path=path, hint="Indent with spaces."
        )
    hint = None
    if error.problem and "mapping values are not allowed" in error.problem:
        hint = 'Check the indentation, and put quotes around a text that holds ": ".'
    elif "%" in line or "@" in line or "`" in line:
        hint = "Put quotes around a text that begins with %, @ or `."
    return YamlRefused(f"{error.problem or 'this is not YAML'}.", name=name, position=position, path=path, hint=hint)
