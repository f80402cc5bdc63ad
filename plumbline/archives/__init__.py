"""A whole library as one open file, and back: everything that it knows and ever knew, so that nobody is locked in.

Who is who, in the order of events:

    records, contents   what travels: one kind of record per table, said by the room that owns it (`<room>/records.py`)
    reads               `archive_library`: one snapshot of the library, written as it is read
    writing, manifest   the zip: JSON Lines by noun, and a manifest with the sum of each file
    reading             an archive from outside is hostile until its directory, its sizes and its sums were looked at
    checking            each line as a record, or a refusal with its place
    actions             `import_library`: everything in one transaction, then what holds between rows (`storage.laws`), or nothing;
                        `try_archive`: the same into a database that is thrown away, and out again

The page docs/reference/archive.md says it for strangers.
"""
