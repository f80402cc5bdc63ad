"""Configuration is code: files are checked together, planned against what is there, applied all or nothing, and written back.

Who is who, in the order of events:

    File           a path and a text, as they lie in a folder; `manifest` says which of them are for which library
    DocumentName   which document of a library a file is: its kind (`kinds`), and its name where the kind has names
    Documents      all documents of a configuration, each read by the room that owns its kind, and what holds between them (`documents`)
    Outcome        what the catalog becomes, and the steps that lead there (`planning`, `steps`; the catalog by `catalog.installing`)
    Effects        what each step does to the components that are there, which makes it safe, breaking or refused (`effects`)
    Plan           all of that, shown before anything is done (`reads`)
    Applied        the plan carried out in one transaction, and the next version of the configuration (`actions`)

The texts lie in `definitions`, every version of them. The catalog is derived from the registry: reading the documents in force once more
shows what has moved away from them (drift), and `writing` puts that into files. `examples` runs the tests that lie beside them.

Everything but `reads` and `actions` is pure. What loads pydantic is loaded with the first plan, not when a server starts.
"""
