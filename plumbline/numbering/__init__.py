"""Part numbers and revisions: what they look like, and which one comes next.

A library has two configuration documents for this. What may stand in them is said by typed models, `scheme_language` and
`revision_language`, which editors get as JSON Schemas; they are loaded with the first document that is read. `scheme` reads the one for
part numbers into the values of `model`: `scheme_elements` turns one into the other, `scheme_attachments` finds what names mean, and
examples prove the rest. `number` makes numbers: it plans all that can be decided from the scheme and the caller's choices, names the
counters that must be asked (`counter_scopes`), and puts the text together. `number_parsing` goes the other way, for examples, for numbers
that people type and for imports; `number_matching` asks the same of a whole library, by patterns. `overrides` says what people may type.

`revision_scheme` does the same for revisions, knows the statuses and what may follow on what, and gives any two revisions an order
(`revision_order`) that a database can sort by.

All of that is pure. The last value of every counter, the documents and their versions live in `store`; `actions` issues numbers inside
the transaction that uses them, under a lock, so that no number is given out twice and none is lost when the transaction is rolled back.
"""
