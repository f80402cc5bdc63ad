"""S-expressions as KiCad writes them: lists of texts and lists, of which only the ones with a wanted head are kept.

Reading is a loop and not a recursion, and it keeps neither graphics nor pins. The libraries at hand were measured on a symbol
library of 1.2 MB (23,000 lines of properties): sexpdata takes 0.33 s and kiutils 0.25 s, this reader 0.09 s; and both of them
keep every list of a hostile file, which is gigabytes for 50 MB of parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from plumbline.exchange.bounds import TEXT_MAX
from plumbline.exchange.decoding import decoded
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile

DEPTH_MAX = 100
"""KiCad itself stays below twenty."""
TOKENS_MAX = 8_000_000
"""Some seconds of reading; a file of 50 MB that KiCad wrote has about six million."""
KEPT_MAX = 2_000_000
"""Lists and texts in memory, some 200 MB of them; a library of 20,000 symbols has half of it."""

_TOKEN = re.compile(r'\s*+(?:\(\s*+([^\s()"]*+)|(\))|"((?:[^"\\]++|\\.)*+)"|([^\s()"]++))', re.DOTALL)
_OPEN, _CLOSE, _QUOTED, _BARE = 1, 2, 3, 4
_NEXT_PARENTHESIS = re.compile(r'[^()"]*+(?:"(?:[^"\\]++|\\.)*+"[^()"]*+)*+([()])', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(slots=True)
class Node:
    """A list: its first word, its texts, the lists in it, and the row in which it begins."""

    head: str
    row: int
    texts: list[str] = field(default_factory=list)
    lists: list[Node] = field(default_factory=list)

    def all(self, head: str) -> Iterator[Node]:
        return (node for node in self.lists if node.head == head)

    def first(self, head: str) -> Node | None:
        return next(self.all(head), None)

    def text(self, head: str) -> str:
        """The first text of the first list with this head; empty when there is none."""
        found = self.first(head)
        return found.texts[0] if found is not None and found.texts else ""

    def flag(self, head: str, *, default: bool = False) -> bool:
        """`(dnp yes)`; a flag without a text, like `(power)`, says yes."""
        found = self.first(head)
        if found is None:
            return default
        return not found.texts or found.texts[0] in ("yes", "true")


def parsed(file: NamedFile, root: str, kept: Collection[str]) -> Node:
    """The one list of the file, with the lists in it whose heads are kept all the way down; refuses anything that is not one."""
    return _Reading(file, frozenset(kept) | {root}).tree(root)


class _Reading:
    def __init__(self, file: NamedFile, kept: frozenset[str]) -> None:
        self._file, self._kept = file, kept
        self._text = decoded(file).text
        self._at = self._row_at = 0
        self._row = 1
        self._tokens = self._things = 0

    def tree(self, root: str) -> Node:
        open_nodes: list[Node] = []
        while True:
            match = self._next(_TOKEN)
            kind = match.lastindex
            if kind == _OPEN and (match[_OPEN] in self._kept):
                node = Node(match[_OPEN], self._row_of(match.start(_OPEN)))
                if open_nodes:
                    open_nodes[-1].lists.append(node)
                elif node.head != root:
                    raise self._broken(f"begins with {node.head[:40]}", f"({root} …)")
                open_nodes.append(node)
                self._keep()
                self._check_depth(len(open_nodes))
            elif not open_nodes:
                raise self._broken("does not begin with a list", f"({root} …)")
            elif kind == _OPEN:
                self._pass_over(len(open_nodes))
            elif kind == _CLOSE:
                node = open_nodes.pop()
                if not open_nodes:
                    self._check_end()
                    return node
            else:
                text = _unescaped(match[_QUOTED]) if kind == _QUOTED else match[_BARE]
                self._keep(text)
                open_nodes[-1].texts.append(text)

    def _next(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise self._broken("ends within a list or a text", "as many closing parentheses as opening ones")
        self._at = match.end()
        self._tokens += 1
        if self._tokens > TOKENS_MAX:
            raise self._too_large(f"more than {TOKENS_MAX} lists and texts")
        return match

    def _pass_over(self, depth: int) -> None:
        """Goes past the end of a list that is not kept; most of a file is this, so it is a tight loop."""
        text, at, find = self._text, self._at, _NEXT_PARENTHESIS.match
        below, most, count = 1, DEPTH_MAX - depth, self._tokens
        while below and below <= most and count <= TOKENS_MAX:
            match = find(text, at)
            if match is None:
                break
            at = match.end()
            count += 1
            below += 1 if match[1] == "(" else -1
        self._at, self._tokens = at, count
        self._check_depth(depth + below)
        if below:
            self._next(_NEXT_PARENTHESIS)  # says what is wrong

    def _keep(self, text: str = "") -> None:
        self._things += 1
        if self._things > KEPT_MAX:
            raise self._too_large(f"more than {KEPT_MAX} lists and texts that matter")
        if len(text) > TEXT_MAX:
            raise self._too_large(f"a text of {len(text)} characters", f"at most {TEXT_MAX} characters in a text")

    def _check_depth(self, depth: int) -> None:
        if depth > DEPTH_MAX:
            raise self._too_large("lists nested too deep", f"at most {DEPTH_MAX} levels")

    def _check_end(self) -> None:
        if self._text[self._at : self._at + 1_000].strip():
            raise self._broken("goes on after its end", "one list")

    def _row_of(self, place: int) -> int:
        """Rows are counted from one place to the next, so that all of them together cost one walk through the text."""
        self._row += self._text.count("\n", self._row_at, place)
        self._row_at = place
        return self._row

    def _broken(self, what: str, expected: str) -> UnreadableFile:
        row = self._row_of(max(self._at, self._row_at))
        message = f"{self._file.name} {what} at row {row}."
        return UnreadableFile(message, path=(self._file.name, row), expected=expected)

    def _too_large(self, what: str, expected: str = "a file of a size that KiCad writes") -> ImportTooLarge:
        row = self._row_of(max(self._at, self._row_at))
        message = f"{self._file.name} holds {what}, at row {row}."
        return ImportTooLarge(message, path=(self._file.name, row), expected=expected)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _CONTROL.get(match[1], match[1]), text) if "\\" in text else text
