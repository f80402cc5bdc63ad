"""The part master.

A component is identity: an id, a library and a part number (CPN) that is never used again. What it is called, what category and status it
has, its attribute values, its sources and its other names belong to a version. Saving a change makes the next version; versions are never
edited. A release ties a version to a revision label. The component is RELEASED while its newest version is the released one, else MODIFIED.

A view (`view.py`) chooses which version of each component one looks at: the newest (WORKING), the newest released (RELEASED), and either of
them as of an earlier change of the library.
"""
