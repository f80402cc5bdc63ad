"""The text of `validations.yaml` with one rule added or changed (pure). All else in it stays as it was written: comments, order, quotes.

The parser says where each value begins and ends, so that only those that change are exchanged. Not every text can be edited like that:
values may come out of anchors and merge keys, or stand in brackets. Whatever was edited is therefore read again, and if it does not say
what it should, the list is written anew in a form of our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import SIZE_MAX_BYTES, guard_templates
from plumbline.validations.errors import InvalidValidationRule
from plumbline.validations.model import LIST_FILE, RuleDefinition
from plumbline.validations.rules_reading import rules_of

HEAD = '# yaml-language-server: $schema=/static/schemes/validations/schema.json\nversion: "1.0"\nschema_type: validations\n'
WRITTEN_ANEW = (
    "# Written anew, because a rule could not be changed in the file that was here; that file is in its history.\n"
)

_KEYS = ("name", "description", "version", "isActive", "onFailure", "path")


def list_with(text: str | None, rules: Sequence[RuleDefinition], rule: RuleDefinition) -> str:
    """The list with this rule in the place of that of the same name, or after all others. `rules` are those of the text, which is None if
    there is none yet. Raises InvalidValidationRule if the list becomes too large."""
    at = next((index for index, each in enumerate(rules) if each.name == rule.name), len(rules))
    wanted = [*rules[:at], rule, *rules[at + 1 :]]
    edited = _edited(text.removeprefix("\ufeff"), rules, rule, at) if text is not None else None
    if edited is not None and _says(_bounded(edited), wanted):
        return edited
    return _bounded(HEAD + ("" if text is None else WRITTEN_ANEW) + whole_list(wanted))


def whole_list(rules: Iterable[RuleDefinition]) -> str:
    return "validations:\n" + "".join(f"  {line}\n" for rule in rules for line in _item(rule))


def _bounded(text: str) -> str:
    size = len(text.encode())
    if size > SIZE_MAX_BYTES:
        message = f"The list of all rules would have {size} bytes."
        hint = "Shorten descriptions, or take rules that nobody needs out of validations.yaml with plumbline config."
        raise InvalidValidationRule(message, path=("description",), expected=f"at most {SIZE_MAX_BYTES}", hint=hint)
    return text


def _says(text: str, wanted: Sequence[RuleDefinition]) -> bool:
    codes = {each.path: each.code for each in wanted}
    try:
        return rules_of(text, LIST_FILE, codes.get) == tuple(wanted)
    except Refusal:
        return False


# --- writing --------------------------------------------------------------------------------------------------------------------


def _item(rule: RuleDefinition) -> Iterator[str]:
    for key in _KEYS:
        yield f"{'- ' if key == _KEYS[0] else '  '}{key}: {_written(rule, key)}"


def _written(rule: RuleDefinition, key: str) -> str:
    if key == "isActive":
        return "true" if rule.is_active else "false"
    if key == "onFailure":
        return rule.on_failure.lower()
    text: str | None = getattr(rule, key)
    return "null" if text is None else quoted(text)


_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def quoted(text: str) -> str:
    """A scalar on one line that every reader of YAML takes for this text. JSON is YAML, but for characters that YAML reads as line ends."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))


# --- editing --------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A value of the text, from `start` up to `end`, in characters."""

    start: int
    end: int
    values: dict[str, _Node] = field(default_factory=dict)
    """Of a mapping, by key."""
    items: list[_Node] = field(default_factory=list)
    """Of a list."""
    is_block: bool = False
    """A list or mapping without brackets."""


def _edited(text: str, rules: Sequence[RuleDefinition], rule: RuleDefinition, at: int) -> str | None:
    """The text with the change in it, None where it is plain that this cannot be done. It may be wrong, and has to be read again."""
    listed = _tree(text).values.get("validations")
    if listed is None:
        return None
    line_end = "\r\n" if "\r\n" in text else "\n"
    if not listed.items:
        item = "".join(f"{line_end}  {line}" for line in _item(rule))
        return text[: listed.start].rstrip(" ") + item + text[listed.end :]
    if at == len(rules):
        return _added(text, listed, rule, line_end)
    keys = [key for key in _KEYS if _written(rule, key) != _written(rules[at], key)]
    values = listed.items[at].values
    if not values.keys() >= set(keys):
        return None
    for key in sorted(keys, key=lambda key: values[key].start, reverse=True):
        text = _replaced(text, values[key], _written(rule, key))
    return text


def _replaced(text: str, node: _Node, scalar: str) -> str:
    old = text[node.start : node.end]
    before = "" if old else " "
    # A text written with | or > ends where the next line begins.
    after = "\r\n" if old.endswith("\r\n") else "\n" if old.endswith("\n") else ""
    return text[: node.start] + before + scalar + after + text[node.end :]


def _added(text: str, listed: _Node, rule: RuleDefinition, line_end: str) -> str | None:
    if not listed.is_block:
        return None
    indent = listed.start - (text.rfind("\n", 0, listed.start) + 1)
    end = _end_of(listed)
    if text[end - 1] != "\n":
        end = text.find("\n", end) + 1 or len(text)  # a comment behind the last value stays with it
    before = "" if text[end - 1] == "\n" else line_end
    lines = [" " * indent + line + line_end for line in _item(rule)]
    return text[:end] + before + "".join(lines) + text[end:]


def _end_of(node: _Node) -> int:
    """Where the last value below the node ends; a block itself ends only where the next thing begins."""
    below = [*node.items, *node.values.values()]
    return max(map(_end_of, below)) if node.is_block and below else node.end


def _tree(text: str) -> _Node:
    """The values of a text that `load_yaml` has read before, so that it is neither wrong nor too deep."""
    events = yaml.parse(guard_templates(text), Loader=yaml.CSafeLoader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _node(next(events), events)
    return _Node(0, 0)


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> _Node:
    node = _Node(_index(event.start_mark), _index(event.end_mark))
    if isinstance(event, yaml.CollectionStartEvent):
        node.is_block = not event.flow_style
        for inner in events:
            if isinstance(inner, yaml.CollectionEndEvent):
                node.end = _index(inner.end_mark)
                break
            if isinstance(event, yaml.SequenceStartEvent):
                node.items.append(_node(inner, events))
            else:
                key = inner.value if isinstance(inner, yaml.ScalarEvent) else ""
                value = _node(next(events), events)
                node.values.setdefault(key, value)
    return node


class _Mark(Protocol):
    index: int


def _index(mark: _Mark | None) -> int:
    assert mark is not None  # the parser marks every event
    return mark.index
