"""Bringing other people's bills of materials in, and taking ours out.

Who is who, in the order of events:

    NamedFile      a file as it came: a relative name and its bytes (`files`), inside the limits of `bounds`; archives are
                   opened first (`archives`)
    Format         one kind of file set: how to recognise it and the reader that understands it (`formats`, `readers/`)
    Placement      what stands at one place of a circuit board (`placements`), in fields with names of people's own (`part_fields`)
    ImportedData   what a reader found, in a neutral form that knows no file format and no library (`model`)
    wire form      the same as plain JSON, so that a client reads the files and the server checks what it gets (`wire`)
    library form   the same data as the library can keep it: units, pack prices, notes (`library_form`, `library_lines`, `library_sources`)
    Snapshot       what the library already has, as plain values (`snapshot`, made by `reads`)
    ImportPlan     the steps from the snapshot to the data, shown before anything is written (`plan`)
    ImportResult   the plan carried out in one transaction, all or nothing (`actions`)

How a bill of materials leaves again is told in `exporting`.

A table goes a way of its own before that (`readers/table`): text is cut into a Sheet (`text_tables`, `sheets`); titles say what
columns mean (`columns`), the row that names the most is the Header, cut into Blocks where it is repeated (`headers`), and the cells
below add to it (`contents`, `indentation`); rows become Records (`records`), of which titles, totals and signatures are taken out
(`sections`, `footer`), and what stands in what is told by `structure`. What a user says about columns (`mapping`) goes before all of
it; how a table would be read is shown in the same words (`proposal`), and the library remembers them (`remembering`, `store`).

A reader never refuses what it can explain: anything odd but readable becomes a Notice with its place, and the data goes in
as the file states it. Everything but `reads` and `actions` is pure; nothing here follows a link, evaluates a formula or
reads a file other than the ones handed in.
"""
