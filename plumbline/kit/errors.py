"""How Plumbline refuses.

    Refusal                  an answer that the caller can act on; everything else is a fault of ours
    ├── InvalidInput         BAD_USER_INPUT: the input cannot mean anything here
    ├── Unauthenticated      UNAUTHENTICATED: no caller, or not a valid one
    ├── Forbidden            FORBIDDEN: the caller is known and may not
    ├── NotFound             NOT_FOUND: it does not exist, or the caller may not know that it does
    ├── Conflict             CONFLICT: it was right a moment ago; the state has moved on
    └── RateLimited          RATE_LIMITED: come back in `retry_after` seconds

`code` is the class that clients branch on (the codes of the API documents); `reason` is finer, stable too, and names a page under
docs/errors. A room adds reasons by subclassing here; it never adds a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

PathPart = str | int


class Place(NamedTuple):
    """Where in a file, counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Refusal(Exception):
    """One clear sentence with the values in it, the place in the input, what was expected, and a hint."""

    code: ClassVar[str] = "REFUSED"
    reason: ClassVar[str] = "REFUSED"

    def __init_subclass__(cls) -> None:
        if "reason" not in cls.__dict__:
            cls.reason = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()

    def __init__(
        self,
        message: str,
        *,
        path: Sequence[PathPart] = (),
        expected: str | None = None,
        hint: str | None = None,
        also: Iterable[Refusal] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)
        self.expected = expected
        self.hint = hint
        self.also = tuple(also)
        """Further refusals of the same input, so that one answer can name every fault at once."""
        self.page: str | None = None
        """The page of the documentation that explains what is wanted, where one does."""
        self.place: Place | None = None
        """For a fault in a file: where it is; the message begins with it."""

    def as_fields(self) -> dict[str, object]:
        """Everything that it says, flat, as the API and the command line list the faults of files; without what is in `also`."""
        file, line, column = self.place or (None, None, None)
        return {
            "message": self.message,
            "reason": self.reason,
            "file": file,
            "line": line,
            "column": column,
            "path": [str(part) for part in self.path],
            "expected": self.expected,
            "hint": self.hint,
            "page": self.page,
        }

    def renamed(self, names: Mapping[str, str]) -> Refusal:
        """The same refusal, parts of its place called as a surface calls them."""
        self.path = tuple(names.get(part, part) if isinstance(part, str) else part for part in self.path)
        for other in self.also:
            other.renamed(names)
        return self

    def within(self, *prefix: PathPart) -> Refusal:
        """The same refusal, its place given from further out; used while an error passes up through nested input."""
        self.path = (*prefix, *self.path)
        for other in self.also:
            other.within(*prefix)
        return self


class InvalidInput(Refusal):
    code = "BAD_USER_INPUT"


class Unauthenticated(Refusal):
    code = "UNAUTHENTICATED"


class Forbidden(Refusal):
    code = "FORBIDDEN"


class NotFound(Refusal):
    code = "NOT_FOUND"


class Conflict(Refusal):
    code = "CONFLICT"


class RateLimited(Refusal):
    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, hint=f"Try again in {retry_after} s.")
        self.retry_after = retry_after
        """Whole seconds until the next request can pass."""
