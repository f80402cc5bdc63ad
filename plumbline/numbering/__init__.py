"""Part numbers and revisions: what they look like, and which one comes next.

A library has two configuration documents for this. `scheme` reads the one for part numbers into the values of `model`; its `elements`
make up a number from left to right. `number` makes numbers: it plans all that can be decided from the scheme and the caller's choices,
names the counters that must be asked (`counter_scopes`), and puts the text together. `number_parsing` goes the other way, for examples,
for numbers that people type and for imports. `overrides` says what people may type at all.

`revision_scheme` does the same for revisions, and gives any two of them an order (`revision_order`) that a database can sort by.

All of that is pure. The last value of every counter, the documents and their versions live in `store`; `actions` issues numbers inside
the transaction that uses them, under a lock, so that no number is given out twice and none is lost when the transaction is rolled back.
"""
