"""From parser events to nodes: what a scalar means, where every node stands, and how much a text may hold.

Composing is done here and not by the library, whose composer recurses in C and can be brought down by a deep text. Read through
`yaml_source`, which is the door to all this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from plumbline.kit.errors import InvalidInput, PathPart, Place
from plumbline.kit.late import LateModule

if TYPE_CHECKING:
    import yaml
else:
    yaml = LateModule("yaml")

DEPTH_MAX = 32
NODES_MAX = 20_000
ALIAS_NODES_MAX = 1_000
"""What all aliases and merge keys together may add; a few hundred nodes shared on purpose, never a bomb."""
NUMBER_DIGITS_MAX = 100
FAULTS_MAX = 50

YamlScalar = None | bool | int | float | str
YamlValue = YamlScalar | list["YamlValue"] | dict[str, "YamlValue"]
YamlPath = Sequence[PathPart]


class Position(NamedTuple):
    """Counted in characters from 1, as editors count."""

    line: int
    column: int


START = Position(1, 1)


class YamlRefused(InvalidInput):
    """The text is not YAML that this server reads. The message begins with `file:line:column`."""

    def __init__(
        self, message: str, *, name: str, position: Position, path: YamlPath = (), hint: str | None = None
    ) -> None:
        place = Place(name, position.line, position.column)
        super().__init__(f"{place}: {message}", path=path, hint=hint)
        self.place = place
        self.position = position


@dataclass(frozen=True, slots=True)
class ScalarNode:
    value: YamlScalar
    text: str
    """The characters as written, without quotes: `1.10` for the number 1.1."""
    position: Position


@dataclass(frozen=True, slots=True)
class ListNode:
    items: list[Node]
    position: Position


@dataclass(frozen=True, slots=True)
class MapEntry:
    key_position: Position
    node: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    entries: dict[str, MapEntry]
    """Keys are always the text as written, so that `010:` and `1.0:` keep their zeros."""
    position: Position


Node = ScalarNode | ListNode | MapNode


# --- scalars of the core schema ---------------------------------------------------------------------------------------------------

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
SPECIAL_FLOAT = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
BASES = {"0o": 8, "0x": 16}


def core_value(text: str) -> YamlScalar:
    """What a plain scalar means by the core schema of YAML 1.2."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return int(text[2:], BASES[text[:2]]) if text[:2] in BASES else int(text)
    if FLOAT.fullmatch(text):
        return float(text)
    if SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def is_too_long_a_number(text: str) -> bool:
    return len(text) > NUMBER_DIGITS_MAX and (INTEGER.fullmatch(text) or FLOAT.fullmatch(text)) is not None


UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that no configuration text holds, neither as they are nor through an escape."""

CORE = "tag:yaml.org,2002:"
SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    f"{CORE}null": (type(None),),
    f"{CORE}bool": (bool,),
    f"{CORE}int": (int,),
    f"{CORE}float": (float, int),
}


# --- composing ------------------------------------------------------------------------------------------------------------------


class Weight(NamedTuple):
    """What a finished node costs where an alias repeats it."""

    nodes: int
    height: int


@dataclass(slots=True)
class OpenCollection:
    """A list or mapping whose end has not been seen yet."""

    node: ListNode | MapNode
    anchor: str | None
    key: str | None = None
    key_position: Position = START
    merging: bool = False
    """The key is a plain `<<`, so that its value is merged in; a quoted one is a key like any other."""
    merges: list[Node] = field(default_factory=list)
    nodes: int = 1
    height: int = 1

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.node, MapNode) and self.key is None

    def place(self) -> PathPart:
        return len(self.node.items) if isinstance(self.node, ListNode) else self.key or ""


@dataclass(slots=True)
class Composer:
    """Builds one document from parser events, one call to `take` per event."""

    name: str
    unguard: Callable[[str], str]
    root: Node | None = None
    stack: list[OpenCollection] = field(default_factory=list)
    anchors: dict[str, tuple[Node, Weight]] = field(default_factory=dict)
    faults: list[YamlRefused] = field(default_factory=list)
    documents: int = 0
    nodes: int = 0
    alias_nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else START
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, position)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(MapNode({}, position), event.anchor, event.tag, position)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(ListNode([], position), event.anchor, event.tag, position)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "", position)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(
                    "a second document begins here; a file holds one.", position, hint="Make a file of its own from it."
                )

    def finished(self) -> Node:
        if self.faults:
            first, *others = self.faults
            first.also = tuple(others)
            raise first
        return self.root or ScalarNode(None, "", START)

    def path(self) -> tuple[PathPart, ...]:
        """The place of the value that comes next."""
        return tuple(level.place() for level in self.stack if not level.awaits_key)

    def _scalar(self, event: yaml.ScalarEvent, position: Position) -> None:
        self._count(position)
        text = self.unguard(event.value)
        plain = event.implicit[0]
        if UNPRINTABLE.search(text):
            self._note(
                "this text holds an escaped control character.",
                position,
                hint="Only tabs and line ends may be written as escapes.",
            )
        if self.stack and self.stack[-1].awaits_key:
            self._key(text, plain, position)
            self._check_tag(event.tag, (f"{CORE}str",), position)
            return
        node = ScalarNode(self._scalar_value(text, plain, event.tag, position), text, position)
        self._add(node, event.anchor, Weight(1, 0))

    def _scalar_value(self, text: str, plain: bool, tag: str | None, position: Position) -> YamlScalar:
        typed = SCALAR_TAGS.get(tag or "")
        if tag is not None and typed is None:
            self._check_tag(tag, (f"{CORE}str",), position)
            return text
        if not plain and typed is None:
            return text
        if is_too_long_a_number(text):
            self._note(
                f"a number has at most {NUMBER_DIGITS_MAX} digits.",
                position,
                hint="Put quotes around it if text is meant.",
            )
            return text
        value = core_value(text)
        if typed is not None and not isinstance(value, typed):
            self._note(f"{text!r} is not what the tag {tag} says.", position)
        return value

    def _key(self, text: str, plain: bool, position: Position) -> None:
        level = self.stack[-1]
        assert isinstance(level.node, MapNode)  # only a mapping awaits keys
        if plain and text in NULLS:
            self._note(
                "a key is missing here, or is null.",
                position,
                hint='Put quotes around "null" if it is meant as a word.',
            )
        elif plain and text == "<<" and level.merges:
            self._note(
                "a mapping has one merge key <<.", position, hint="Name several mappings in a list: <<: [*a, *b]."
            )
        elif text in level.node.entries:
            first = level.node.entries[text].key_position
            self._note(
                f"the key {text!r} stands twice in this mapping, first in line {first.line}.", position, key=text
            )
        level.key = text
        level.key_position = position
        level.merging = plain and text == "<<"

    def _open(self, node: ListNode | MapNode, anchor: str | None, tag: str | None, position: Position) -> None:
        self._count(position)
        self._check_tag(tag, (f"{CORE}map" if isinstance(node, MapNode) else f"{CORE}seq",), position)
        if self.stack and self.stack[-1].awaits_key:
            self._stop(
                "a key must be a text, not a list or a mapping.",
                position,
                hint="Put quotes around a key that begins with [ or {.",
            )
        if len(self.stack) >= DEPTH_MAX:
            self._stop(f"the values are nested deeper than {DEPTH_MAX} levels.", position)
        self.stack.append(OpenCollection(node, anchor))

    def _close(self) -> None:
        level = self.stack.pop()
        if isinstance(level.node, MapNode):
            for merged in level.merges:
                for key, entry in merged.entries.items() if isinstance(merged, MapNode) else ():
                    level.node.entries.setdefault(key, entry)
        self._add(level.node, level.anchor, Weight(level.nodes, level.height))

    def _alias(self, anchor: str, position: Position) -> None:
        if self.stack and self.stack[-1].awaits_key:
            self._stop("a key must be written out, not given by an alias.", position)
        if anchor not in self.anchors:
            self._stop(f"the alias *{anchor} has no finished value before it.", position)
        node, weight = self.anchors[anchor]
        self.alias_nodes += weight.nodes
        if self.alias_nodes > ALIAS_NODES_MAX:
            self._stop(f"the aliases repeat more than {ALIAS_NODES_MAX} values.", position)
        if len(self.stack) + weight.height > DEPTH_MAX:
            self._stop(f"with this alias the values are nested deeper than {DEPTH_MAX} levels.", position)
        self._add(node, None, weight)

    def _add(self, node: Node, anchor: str | None, weight: Weight) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, weight)
        if not self.stack:
            self.root = node
            return
        level = self.stack[-1]
        level.nodes += weight.nodes
        level.height = max(level.height, weight.height + 1)
        if isinstance(level.node, ListNode):
            level.node.items.append(node)
            return
        if level.merging:
            level.merges.extend(self._merged_maps(node))
        else:
            level.node.entries.setdefault(level.key or "", MapEntry(level.key_position, node))
        level.key = None

    def _merged_maps(self, node: Node) -> Iterator[Node]:
        """The mappings that a merge key names; what stands first wins, and the mapping's own keys win over all."""
        for candidate in node.items if isinstance(node, ListNode) else [node]:
            if isinstance(candidate, MapNode):
                yield candidate
            else:
                self._note("only a mapping, or a list of mappings, can be merged with <<.", candidate.position)

    def _check_tag(self, tag: str | None, known: tuple[str, ...], position: Position) -> None:
        if tag is not None and tag != "!" and tag not in known:
            self._note(f"the tag {tag} is not known here.", position, hint="Leave the tag out.")

    def _count(self, position: Position) -> None:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            self._stop(f"the file holds more than {NODES_MAX} values.", position)

    def _note(self, message: str, position: Position, *, key: str | None = None, hint: str | None = None) -> None:
        """A fault after which reading can go on, so that the author sees all of them."""
        path = self.path() if key is None else (*self.path(), key)
        self.faults.append(YamlRefused(message, name=self.name, position=position, path=path, hint=hint))
        if len(self.faults) >= FAULTS_MAX:
            self.finished()

    def _stop(self, message: str, position: Position, *, hint: str | None = None) -> NoReturn:
        """A fault after which nothing more can be said."""
        self.faults.append(YamlRefused(message, name=self.name, position=position, path=self.path(), hint=hint))
        self.finished()
        raise AssertionError("a fault was noted")  # `finished` has raised it
