"""How a registry names things elsewhere: category sets with versions, specs by `$ref`, categories by `extends`.

duro/mechanical-categories@v1                        a set: the newest 1.x.y
duro/mechanical-categories@v1.0                      the newest 1.0.y
duro/mechanical-categories@v1.0.1                    just this one
#/commonSpecs/dimensions/length                      a spec of the same file; `*` in the last place means all of the group
duro/mechanical-categories/specs/dimensions/*        specs of a set
duro/mechanical-categories/bearing@v1.0.1            a category of a set; without a version, the version that `uses` names
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

SET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}/[a-z0-9][a-z0-9-]{0,79}")
REFERENCE_LENGTH_MAX = 300
_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9})(?:\.(\d{1,9}))?)?")
_SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})")


class Version(NamedTuple):
    """A semantic version (SemVer 2.0.0) of a released set; there are no pre-releases."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def semantic_version(text: str) -> Version | None:
    """`1.0.1`; None if the text is no full version."""
    found = _SEMANTIC_VERSION.fullmatch(text)
    return Version(*map(int, found.groups())) if found else None


VersionPrefix = tuple[int, ...]
"""One to three numbers; empty means any version."""


def version_prefix(text: str) -> VersionPrefix | None:
    """`v1`, `v1.0` or `v1.0.1`; None if it is none of them."""
    found = _VERSION.fullmatch(text)
    return tuple(int(part) for part in found.groups() if part is not None) if found else None


def newest_within(versions: Iterable[Version], prefix: VersionPrefix) -> Version | None:
    """The newest version that begins with these numbers."""
    return max((each for each in versions if each[: len(prefix)] == prefix), default=None)


class SetReference(NamedTuple):
    name: str
    prefix: VersionPrefix

    def __str__(self) -> str:
        return f"{self.name}@v{'.'.join(map(str, self.prefix))}" if self.prefix else self.name


class SpecReference(NamedTuple):
    """`of` is None for the same file; `names` leads through groups to a spec, or to a group if `whole_group`."""

    of: SetReference | None
    names: tuple[str, ...]
    whole_group: bool


class CategoryReference(NamedTuple):
    """`of` is None where only a name stands: a category of the same file or of the sets it uses."""

    of: SetReference | None
    name: str


class InvalidReference(ValueError):
    """The text names nothing; the message is a whole sentence."""


def set_reference(text: str) -> SetReference:
    """Raises InvalidReference."""
    _refuse_long(text)
    name, prefix = _split_version(text)
    if not SET_NAME.fullmatch(name):
        raise InvalidReference(f"{text[:80]!r} is not the name of a category set.")
    return SetReference(name, prefix)


def spec_reference(text: str) -> SpecReference:
    """Raises InvalidReference."""
    _refuse_long(text)
    if text.startswith("#/"):
        root, *names = text[2:].split("/")
        if root != "commonSpecs" or not names or not all(names):
            raise InvalidReference(f"{text[:80]!r} leads nowhere; specs of this file stand under #/commonSpecs/.")
        return _spec_reference(None, names)
    of, rest = _in_set(text)
    root, *names = rest.split("/")
    if root != "specs" or not names or not all(names):
        raise InvalidReference(f"{text[:80]!r} leads nowhere; specs of a set stand under its name and /specs/.")
    return _spec_reference(of, names)


def category_reference(text: str) -> CategoryReference:
    """Raises InvalidReference."""
    _refuse_long(text)
    if text.startswith("#/categories/"):
        return CategoryReference(None, text.removeprefix("#/categories/"))
    if "/" not in text:
        return CategoryReference(None, text)
    of, name = _in_set(text)
    if "/" in name:
        raise InvalidReference(f"{text[:80]!r} leads nowhere; a category stands under the name of its set.")
    return CategoryReference(of, name)


def plain(name: str) -> str:
    """Names as references compare them: `Input Voltage`, `input_voltage`, `InputVoltage` and `input-voltage` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _spec_reference(of: SetReference | None, names: list[str]) -> SpecReference:
    return SpecReference(of, tuple(names[:-1] if names[-1] == "*" else names), names[-1] == "*")


def _in_set(text: str) -> tuple[SetReference, str]:
    """The set that a path begins with, and the rest; the version may stand behind the set or at the end."""
    path, prefix = _split_version(text)
    owner, _, rest = path.partition("/")
    name, _, rest = rest.partition("/")
    name, at, inner = name.partition("@")
    if at:
        found = version_prefix(inner)
        if found is None or prefix:
            raise InvalidReference(f"{text[:80]!r} has a version that cannot be read.")
        prefix = found
    if not SET_NAME.fullmatch(f"{owner}/{name}") or not rest:
        raise InvalidReference(f"{text[:80]!r} names nothing in a category set.")
    return SetReference(f"{owner}/{name}", prefix), rest


def _refuse_long(text: str) -> None:
    if len(text) > REFERENCE_LENGTH_MAX:
        raise InvalidReference(f"The reference has {len(text)} characters; at most {REFERENCE_LENGTH_MAX} are allowed.")


def _split_version(text: str) -> tuple[str, VersionPrefix]:
    path, at, version = text.rpartition("@")
    if not at or "/" in version:
        return text, ()
    prefix = version_prefix(version)
    if prefix is None:
        raise InvalidReference(f"{version[:40]!r} is not a version; write @v1, @v1.0 or @v1.0.1.")
    return path, prefix
