"""XML read safely: no document type is loaded, no entity is taken from the file, and depth and number of elements have an end.

The parser is the standard library's expat. Entities that a file declares are refused the moment they are declared, so none is
ever unfolded; a document type that is only named (`<!DOCTYPE eagle SYSTEM "eagle.dtd">`) is passed over and not fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from plumbline.exchange.bounds import MEBIBYTE, TEXT_MAX
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile

DEPTH_MAX = 100
"""Design tools stay below twenty."""
ELEMENTS_MAX = 4_000_000
"""About four seconds of reading; the largest schematics of real boards have 100,000."""
KEPT_MAX = 1_000_000
"""Elements in memory."""
TAG_BYTES_MAX = 4 * MEBIBYTE
"""Of one tag or comment."""
_PIECE_BYTES = 256 * 1024
_START_BYTES = 4_096


@dataclass(slots=True)
class Element:
    name: str
    attributes: Mapping[str, str]
    row: int
    text: str = ""
    elements: list[Element] = field(default_factory=list)

    def all(self, *path: str) -> list[Element]:
        """The elements at the end of a path of names below this one."""
        found = [self]
        for step in path:
            found = [inner for outer in found for inner in outer.elements if inner.name == step]
        return found

    def first(self, *path: str) -> Element | None:
        return next(iter(self.all(*path)), None)

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "").strip()


def element_tree(file: NamedFile, root: str, kept: Collection[str]) -> Element:
    """The root element with the elements in it whose names are kept all the way down; refuses what is no such XML."""
    walk = _Walk(file, frozenset(kept) | {root})
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.EntityDeclHandler = walk.refuse_entity
    parser.StartElementHandler = lambda name, attributes: walk.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.characters
    try:
        _feed(parser, file)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding that Python does not know
        raise UnreadableFile(
            f"{file.name} is no XML: {error}.", path=(file.name, parser.CurrentLineNumber), expected="well-formed XML"
        ) from error
    found = walk.root
    if found is None or found.name != root:
        name = "" if found is None else found.name[:40]
        raise UnreadableFile(f"{file.name} begins with {name}.", path=(file.name,), expected=f"<{root}>")
    return found


def _feed(parser: expat.XMLParserType, file: NamedFile) -> None:
    """In pieces: a tag is seen by nobody before its end, and one with millions of attributes would fill the memory first."""
    content = memoryview(file.content)
    for start in range(0, len(content), _PIECE_BYTES):
        parser.Parse(content[start : start + _PIECE_BYTES], False)
        if start - parser.CurrentByteIndex > TAG_BYTES_MAX:
            row = parser.CurrentLineNumber
            raise ImportTooLarge(
                f"{file.name} holds a tag of more than {TAG_BYTES_MAX} bytes, at row {row}.",
                path=(file.name, row),
                expected="a file that a design tool wrote",
            )
    parser.Parse(b"", True)


class _Walk:
    def __init__(self, file: NamedFile, kept: frozenset[str]) -> None:
        self._file, self._kept = file, kept
        self.root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[str] = []
        self._passed = self._count = self._kept_count = self._text_length = 0

    def refuse_entity(self, name: str, *_: object) -> None:
        raise UnreadableFile(
            f"{self._file.name} declares the entity {name[:40]}.",
            path=(self._file.name,),
            expected="XML without entities of its own",
        )

    def start(self, name: str, attributes: dict[str, str], row: int) -> None:
        self._count += 1
        if self._count > ELEMENTS_MAX:
            raise self._too_large(f"more than {ELEMENTS_MAX} elements", row)
        if self._passed + len(self._open) >= DEPTH_MAX:
            raise self._too_large(f"elements nested deeper than {DEPTH_MAX} levels", row)
        if self._passed or (name not in self._kept and self.root is not None):
            self._passed += 1
            return
        self._kept_count += 1
        if self._kept_count > KEPT_MAX:
            raise self._too_large(f"more than {KEPT_MAX} elements that matter", row)
        longest = max(map(len, attributes.values()), default=0)
        if longest > TEXT_MAX:
            raise self._too_large(f"a text of {longest} characters", row)
        element = Element(name, attributes, row)
        if self._open:
            self._open[-1].elements.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts, self._text_length = [], 0

    def characters(self, text: str) -> None:
        """Only the text before an element's end counts; mixed content means nothing to the formats read here."""
        if self._passed or not self._open:
            return
        text = text if text.strip() else " "  # what stands between the elements of a large file is no text
        self._text_length += len(text)
        if self._text_length > TEXT_MAX:
            raise self._too_large(f"a text of more than {TEXT_MAX} characters", self._open[-1].row)
        self._texts.append(text)

    def end(self, name: str) -> None:
        if self._passed:
            self._passed -= 1
            return
        element = self._open.pop()
        element.text = "".join(self._texts).strip()
        self._texts, self._text_length = [], 0

    def _too_large(self, what: str, row: int) -> ImportTooLarge:
        message = f"{self._file.name} holds {what}, at row {row}."
        return ImportTooLarge(message, path=(self._file.name, row), expected="a file of a size that design tools write")


def mentions(file: NamedFile, tag: str) -> bool:
    """Whether the beginning of the file holds the tag, in whatever encoding; enough to recognise a format by."""
    return tag.encode() in file.content[:_START_BYTES].replace(b"\0", b"")
