"""One order for any two revisions, whatever scheme wrote them, and the same order as a text that databases sort by.

A revision is read as runs of digits and runs of letters; what stands between them only separates. Runs are compared one by one:

    digits before letters            3 < A          prototypes count in numbers, production in letters
    numbers by their value           A.2 < A.10     leading zeros do not count
    shorter words before longer      Z < AA, AB < PRE, in the same length by the alphabet, capitals or not
    the end before any run           A < A.1, 1 < 1.A

So "-" and the empty text, which have no runs, come first. Texts that are alike by all this (`A.1`, `A-1`, `a1`) are ordered by their
characters, so that no two different texts are equal. The order of the statuses plays no part: it cannot be known from the text.
"""

from __future__ import annotations

import re

from plumbline.numbering.errors import RevisionInvalid

REVISION_LENGTH_MAX = 50
RUN = re.compile(r"[0-9]+|[^\W\d_]+")
UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""ASCII only: other alphabets have no case, or one that changes the length of a word."""


def sort_key(revision: str) -> str:
    """A text that sorts bytewise (SQLite BINARY, PostgreSQL "C") as `compare_revisions` does: `201A10210 A.10` for `A.10`.

    Each run is its class (1 digits, 2 letters), its length in two digits, and itself; a blank, which is below all of these, ends the
    runs; the revision itself follows. Refuses texts of more than 50 characters.
    """
    if len(revision) > REVISION_LENGTH_MAX:
        raise RevisionInvalid(
            f"The revision has {len(revision)} characters.", expected=f"at most {REVISION_LENGTH_MAX}"
        )
    return "".join(map(run_key, RUN.findall(revision))) + " " + revision


def run_key(run: str) -> str:
    if run[0] in "0123456789":
        number = run.lstrip("0") or "0"
        return f"1{len(number):02}{number}"
    return f"2{len(run):02}{run.translate(UPPER)}"


def compare_revisions(one: str, other: str) -> int:
    """-1, 0 or 1 as `one` comes before `other`, is the same text, or comes after it."""
    first, second = sort_key(one), sort_key(other)
    return (first > second) - (first < second)
