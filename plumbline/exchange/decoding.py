"""From bytes to text: which encoding a text file is in.

The rule, first match wins: a byte order mark; zero bytes at every second place (UTF-16 without a mark); valid UTF-8;
Windows-1252, which spreadsheets in Western countries still write. Any other single-byte encoding cannot be told apart
from Windows-1252 by looking, so it is read as that, and the reader says which encoding it took.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE_BYTES = 4_096
_ZERO_SHARE_MIN = 0.4
"""Of the bytes at even or at odd places; Western text in UTF-16 has nearly all, other scripts still have the separators."""


class DecodedText(NamedTuple):
    text: str
    encoding: str
    """In words, for a notice."""
    codec: str
    """The name by which the same text is read again."""


def decoded(file: NamedFile, encoding: str | None = None) -> DecodedText:
    """The text of a file; refuses a file that is no text in any of the encodings above, or not in the one named."""
    if encoding is not None:
        return DecodedText(_decode(file, encoding, encoding).removeprefix("\ufeff"), encoding, encoding)
    for mark, codec, words in _MARKS:
        if file.content.startswith(mark):
            return DecodedText(_decode(file, codec, words), words, codec)
    codec_without_mark = _utf16_without_mark(file.content)
    if codec_without_mark is not None:
        text = _decode(file, codec_without_mark, "UTF-16")
        return DecodedText(text, "UTF-16 without a byte order mark", codec_without_mark)
    if b"\0" in file.content:
        place = file.content.index(b"\0")
        raise UnreadableFile(
            f"{file.name} holds a zero byte at {place}.", path=(file.name, place), expected="a text file"
        )
    try:
        return DecodedText(file.content.decode("utf-8"), "UTF-8", "utf-8")
    except UnicodeDecodeError:
        return DecodedText(_decode(file, "cp1252", "Windows-1252"), "Windows-1252", "windows-1252")


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if half == 0 or len(content) % 2:
        return None
    if sample[1::2].count(0) >= half * _ZERO_SHARE_MIN and sample[0::2].count(0) == 0:
        return "utf-16-le"
    if sample[0::2].count(0) >= half * _ZERO_SHARE_MIN and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _decode(file: NamedFile, codec: str, words: str) -> str:
    try:
        return file.content.decode(codec)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{file.name} holds bytes at {error.start} that are not {words}.",
            path=(file.name, error.start),
            expected="UTF-8, UTF-16 or Windows-1252 text",
            hint="Save the file as UTF-8 and try again.",
        ) from error
