"""What KiCad's files have in common: how they begin, how properties are written, which names are escaped."""

from __future__ import annotations

import re

from plumbline.exchange.decoding import decoded
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import Origin, Severity
from plumbline.exchange.readers.expressions import Node

_START_BYTES = 200
_ESCAPED = {
    "{slash}": "/", "{backslash}": "\\", "{colon}": ":", "{dblquote}": '"', "{quote}": "'", "{lt}": "<", "{gt}": ">",
    "{space}": " ", "{brace}": "{", "{bar}": "|", "{return}": " ", "{tab}": " ",
}  # fmt: skip
_ESCAPE = re.compile("|".join(re.escape(word) for word in _ESCAPED))


def starts_with(file: NamedFile, head: str) -> bool:
    """Whether the file begins with a list of this head, in whatever encoding."""
    start = file.content[:_START_BYTES].replace(b"\0", b"")
    return re.search(rf"\(\s*{head}\b".encode(), start) is not None


def tell_encoding(file: NamedFile, gatherer: Gatherer) -> None:
    """KiCad writes UTF-8; anything else is a file that something else has been at."""
    encoding = decoded(file).encoding
    if encoding != "UTF-8":
        gatherer.tell(Severity.INFO, "ENCODING", f"{file.name} was read as {encoding}.", Origin(file.name))


def properties(node: Node) -> dict[str, str]:
    """Names and texts; a property may be marked private before its name."""
    found: dict[str, str] = {}
    for each in node.all("property"):
        texts = each.texts[1:] if len(each.texts) > 2 and each.texts[0] == "private" else each.texts
        if len(texts) >= 2:
            found.setdefault(texts[0], texts[1])
    return found


def unescaped_name(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED[match.group()], text)
