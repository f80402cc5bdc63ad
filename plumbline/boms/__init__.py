"""Bills of materials.

A BOM line is one use of a child in a parent. It keeps its `line_id` while it is edited, so that a comparison can tell a changed line from a
removed and an added one. Line rows are closed, never overwritten; a change to lines is a new version of the parent.

`structure.py` holds a library's lines as a graph in memory: a value, made new after every change. `explosion.py`, `where_used.py`,
`roll_up.py` and `cycles.py` answer from it without a database; `comparison.py` compares lines. `differences.py` puts those beside what else
differs between two versions of a component, `impact.py` says what a change means for the products above, and `report.py` writes both for
people. `reads` keeps the graphs of a process and brings them up to date by the number of the library's last change. Every write holds the
library's lock, so the check for cycles and the write are one step.
"""
