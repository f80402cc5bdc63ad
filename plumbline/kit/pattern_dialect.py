"""Regular expressions as JavaScript writes them, rewritten for the engines that run them here.

One pass over the pattern checks its grammar, weighs its counted repeats, sees what it needs (look-around, back-references) and writes
the same pattern in the dialect that RE2 and `regex` share. Differences that would matter are settled the JavaScript way: `$` is the
very end, `.` is no line end of any kind, `\\d` and `\\w` are ASCII, `\\s` knows the no-break space. Left out, each with a refusal: escapes
of letters that mean nothing, octal escapes, inline flags other than `i`.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import NoReturn

from plumbline.kit.errors import InvalidInput

PATTERN_LENGTH_MAX = 512
REPEATS_MAX = 1_000
"""Largest product of counted repeats along one nesting: engines unroll them, and `(a{1000}){1000}` costs seconds to compile."""
GROUPS_DEPTH_MAX = 50

SPACES = "\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NO_LINE_END = "[^\\n\\r\u2028\u2029]"
ANYTHING = "(?s:.)"
CONTROL_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
QUANTIFIERS = frozenset("*+?")
KNOWN_GROUPS = "Use (?:...), (?<name>...), (?=...), (?!...), (?<=...) or (?<!...)."


class InvalidPattern(InvalidInput):
    """A regular expression that cannot be used. `position` counts characters from 0 and is None where the engine does not tell."""

    def __init__(self, message: str, *, position: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.position = position

    @property
    def sentence(self) -> str:
        """The message, and the place within the pattern, counted from 1 as people do."""
        where = "" if self.position is None else f" At character {self.position + 1} of the pattern."
        return self.message + where


@dataclass(frozen=True, slots=True)
class Translation:
    """A checked pattern in the shared dialect."""

    pieces: tuple[str | None, ...]
    """Text of the pattern; None stands for the end of the input, which the engines write differently."""
    needs_backtracking: bool
    names_properties: bool
    """Uses `\\p{...}`, so that the engine must look beyond ASCII."""

    def text(self, end_of_input: str) -> str:
        return "".join(end_of_input if piece is None else piece for piece in self.pieces)


@dataclass(slots=True)
class OpenGroup:
    position: int
    quantifiable: bool = True
    repeats: int = 1
    """Largest product of counted repeats found inside so far."""


@dataclass(slots=True)
class Translator:
    """Walks over one pattern. `atom` is the repeat product of what a quantifier would repeat, None if there is nothing to repeat."""

    pattern: str
    at: int = 0
    pieces: list[str | None] = field(default_factory=list)
    groups: list[OpenGroup] = field(default_factory=list)
    atom: int | None = None
    captures: int = 0
    names: set[str] = field(default_factory=set)
    references: list[tuple[int, int | str]] = field(default_factory=list)
    backtracking: bool = False
    properties: bool = False

    def translation(self) -> Translation:
        if len(self.pattern) > PATTERN_LENGTH_MAX:
            self._refuse(
                f"The pattern has {len(self.pattern)} characters; at most {PATTERN_LENGTH_MAX} are allowed.",
                PATTERN_LENGTH_MAX,
            )
        self.groups.append(OpenGroup(0))
        while self.at < len(self.pattern):
            self._step()
        if len(self.groups) > 1:
            self._refuse("A parenthesis is opened here and never closed.", self.groups[-1].position)
        self._check_references()
        return Translation(tuple(self.pieces), self.backtracking, self.properties)

    def _step(self) -> None:
        start = self.at
        character = self._next()
        if character == "\\":
            self._escape(start)
        elif character == "[":
            self._write(self._character_class(start), atom=1)
        elif character == "(":
            self._open_group(start)
        elif character == ")":
            self._close_group(start)
        elif character in QUANTIFIERS:
            self._quantify(character, 1, start)
        elif character == "{" and (counted := self._counted(start)):
            self._quantify(*counted, start)
        elif character == "|":
            self._write("|", atom=None)
        elif character == "^":
            self._write("^", atom=None)
        elif character == "$":
            self.pieces.append(None)
            self.atom = None
        elif character == ".":
            self._write(NO_LINE_END, atom=1)
        else:
            self._write(literal(character), atom=1)

    # --- groups and quantifiers ---

    def _open_group(self, start: int) -> None:
        if len(self.groups) > GROUPS_DEPTH_MAX:
            self._refuse(f"Groups are nested deeper than {GROUPS_DEPTH_MAX} levels.", start)
        group = OpenGroup(start)
        if not self._skip("?"):
            self.captures += 1
            opening = "("
        elif self._skip(":"):
            opening = "(?:"
        elif self._skip("i:"):
            opening = "(?i:"
        elif self._skip("i)"):
            if start:
                self._refuse(
                    "The flag (?i) may only stand at the beginning.", start, hint="Write (?i:...) around a part."
                )
            self._write("(?i)", atom=None)
            return
        elif look := next((sign for sign in ("=", "!", "<=", "<!") if self._skip(sign)), None):
            self.backtracking = True
            group.quantifiable = False
            opening = f"(?{look}"
        elif self._skip("P<") or self._skip("<"):
            opening = f"(?P<{self._group_name(start)}>"
            self.captures += 1
        else:
            self._refuse("This kind of group is not known.", start, hint=KNOWN_GROUPS)
        self.groups.append(group)
        self._write(opening, atom=None)

    def _group_name(self, start: int) -> str:
        end = self.pattern.find(">", self.at)
        name = self.pattern[self.at : end] if end > 0 else ""
        if not (name.isidentifier() and name.isascii()) or name in self.names:
            self._refuse(f"{name!r} cannot name a group, or names one already.", start)
        self.names.add(name)
        self.at = end + 1
        return name

    def _close_group(self, start: int) -> None:
        if len(self.groups) == 1:
            self._refuse("A parenthesis is closed here that was never opened.", start)
        group = self.groups.pop()
        self.groups[-1].repeats = max(self.groups[-1].repeats, group.repeats)
        self._write(")", atom=group.repeats if group.quantifiable else None)

    def _quantify(self, quantifier: str, count: int, start: int) -> None:
        if self.atom is None:
            self._refuse(f"There is nothing here that {quantifier} could repeat.", start)
        repeats = self.atom * max(count, 1)
        if repeats > REPEATS_MAX:
            self._refuse(f"Counted repeats multiply to {repeats} here; at most {REPEATS_MAX} are allowed.", start)
        self.groups[-1].repeats = max(self.groups[-1].repeats, repeats)
        self._write(quantifier + ("?" if self._skip("?") else ""), atom=None)

    def _counted(self, start: int) -> tuple[str, int] | None:
        """The quantifier `{2}`, `{2,}` or `{2,5}` with its largest count; None if the brace is only a character."""
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at : end].partition(",") if end > 0 else ("", "", "")
        if not is_count(low) or (high and not is_count(high)):
            return None
        if high and int(low) > int(high):
            self._refuse(f"The repeat {{{low},{high}}} has its bounds the wrong way round.", start)
        self.at = end + 1
        return f"{{{int(low)}{comma}{high and int(high)}}}", int(high or low)

    # --- escapes ---

    def _escape(self, start: int) -> None:
        character = self._next(start, "The pattern ends in a backslash.")
        if character in "dDwW":
            self._write("\\" + character, atom=1)
        elif character in "sS":
            self._write(f"[{'^' if character == 'S' else ''}{SPACES}]", atom=1)
        elif character in "bB":
            self._write("\\" + character, atom=None)
        elif character in "pP":
            self._write(self._property(character, start), atom=1)
        elif character in "123456789":
            digits = character + self._take_while(string.digits)
            self._refer(int(digits), f"(?:\\{digits})", start)
        elif character == "k":
            name = self._group_reference(start)
            self._refer(name, f"(?P={name})", start)
        else:
            self._write(literal(self._escaped_character(character, start)), atom=1)

    def _refer(self, target: int | str, text: str, start: int) -> None:
        self.backtracking = True
        self.references.append((start, target))
        self._write(text, atom=1)

    def _group_reference(self, start: int) -> str:
        end = self.pattern.find(">", self.at)
        if not self._skip("<") or end < 0:
            self._refuse("\\k must name a group: \\k<name>.", start)
        name = self.pattern[self.at : end]
        self.at = end + 1
        return name

    def _check_references(self) -> None:
        for start, target in self.references:
            if (target not in self.names) if isinstance(target, str) else (target > self.captures):
                self._refuse(f"There is no group {target} to refer back to.", start)

    def _property(self, letter: str, start: int) -> str:
        end = self.pattern.find("}", self.at)
        name = self.pattern[self.at + 1 : end].rpartition("=")[2] if end > 0 else ""
        if not self._skip("{") or not (name.isascii() and name.replace("_", "").isalpha()):
            self._refuse(f"\\{letter} must name a property, such as \\{letter}{{L}}.", start)
        self.at = end + 1
        self.properties = True
        return f"\\{letter}{{{name}}}"

    def _escaped_character(self, character: str, start: int) -> str:
        """The one character that an escape stands for."""
        if character in CONTROL_ESCAPES:
            return CONTROL_ESCAPES[character]
        if character in "xu":
            return self._code_point(character, start)
        if character == "0" and not self._take_while(string.digits):
            return "\0"
        if character == "c" and self.at < len(self.pattern) and self.pattern[self.at] in string.ascii_letters:
            return chr(ord(self._next()) & 31)
        if character in string.ascii_letters + string.digits:
            self._refuse(
                f"The escape \\{character} means nothing here.",
                start,
                hint="Use ^ and $ for the beginning and the end.",
            )
        return character

    def _code_point(self, letter: str, start: int) -> str:
        if letter == "u" and self._skip("{"):
            digits = self._take_while(string.hexdigits)
            closed = self._skip("}") and 0 < len(digits) <= 6
        else:
            length = 2 if letter == "x" else 4
            digits = self.pattern[self.at : self.at + length]
            self.at += length
            closed = len(digits) == length and all(digit in string.hexdigits for digit in digits)
        code = int(digits, 16) if closed else -1
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            self._refuse(f"\\{letter} must be followed by the hexadecimal number of a character.", start)
        return chr(code)

    # --- character classes ---

    def _character_class(self, start: int) -> str:
        negated = self._skip("^")
        if self._skip("]"):
            if negated:
                return ANYTHING
            self._refuse("The class [] matches nothing.", start, hint="Write \\] for the character itself.")
        parts: list[str] = []
        while not self._skip("]"):
            parts.append(self._class_part(start))
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def _class_part(self, start: int) -> str:
        """One character, one range or one set. A hyphen beside a set, or at an end, is only a hyphen."""
        here = self.at
        low = self._class_item(start)
        if not (self.pattern.startswith("-", self.at) and not self.pattern.startswith("-]", self.at)):
            return in_class(low)
        self.at += 1
        high = self._class_item(start)
        if len(low) > 1 or len(high) > 1:
            return in_class(low) + "\\-" + in_class(high)
        if low > high:
            self._refuse(f"The range {low}-{high} runs backwards.", here)
        return f"{in_class(low)}-{in_class(high)}"

    def _class_item(self, start: int) -> str:
        """A single character as itself, or a set (`\\d`) in the text of the dialect, which is always longer than one character."""
        here = self.at
        character = self._next(start, "The class that begins here is never closed.")
        if character != "\\":
            return character
        character = self._next(start, "The class that begins here is never closed.")
        if character in "dDwWS":
            return "\\" + character
        if character == "s":
            return SPACES
        if character in "pP":
            return self._property(character, here)
        if character == "b":
            return "\b"
        return self._escaped_character(character, here)

    # --- the text ---

    def _write(self, piece: str, *, atom: int | None) -> None:
        self.pieces.append(piece)
        self.atom = atom

    def _next(self, start: int = 0, complaint: str = "") -> str:
        if self.at >= len(self.pattern):
            self._refuse(complaint, start)
        self.at += 1
        return self.pattern[self.at - 1]

    def _skip(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _take_while(self, characters: str) -> str:
        start = self.at
        while self.at < len(self.pattern) and self.pattern[self.at] in characters:
            self.at += 1
        return self.pattern[start : self.at]

    def _refuse(self, message: str, position: int, *, hint: str | None = None) -> NoReturn:
        raise InvalidPattern(message, position=position, hint=hint)


def translation_of(pattern: str) -> Translation:
    """The pattern in the shared dialect; raises InvalidPattern with the position of the first fault."""
    for position, character in enumerate(pattern[:PATTERN_LENGTH_MAX]):
        if 0xD800 <= ord(character) <= 0xDFFF:
            raise InvalidPattern("Half a character (a lone surrogate) cannot be matched.", position=position)
    return Translator(pattern).translation()


def is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()


def literal(character: str) -> str:
    """The character as itself in both engines."""
    if character.isalnum() or not character.isascii() or character in " _":
        return character
    return f"\\{character}" if character.isprintable() else f"\\x{ord(character):02x}"


def in_class(item: str) -> str:
    return literal(item) if len(item) == 1 else item
