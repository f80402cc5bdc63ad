"""The configuration documents of a library as they were written: every version of each, who wrote it, when, and why.

This room knows no kind of document. A room that reads one asks for its text (`reads`) and keeps what it makes of it; the room
`configuration`, far above, is the one that writes, because it can tell what a change would break. All documents together have a version
too: each time some of them change, the library's configuration gets the next number.
"""
