"""Rules that a library writes in JavaScript: the document that lists them, and the rules as records that programs create and change.

    rules_language    what may stand in `validations.yaml` (typed model of the file, JSON Schema for editors)
    rules_reading     the list and the files that it names, as rules, with every fault that they have
    rule_wishes       what a caller wants of one rule, as a definition, or everything that is wrong with it
    rule_list         the text of the list with one rule added or changed, all else as its author wrote it
    reads             the rules of a library, now and as they were
    ports             who runs rules (`adapters.javascript`), and what comes of one
    outcome           from that to its result, and from the results of a run to its state

A rule has no table of its own. It stands in the documents: one list, and a file of code for each rule. Whoever applies files and whoever
calls the API therefore changes one and the same thing, with one history. A rule is known by its name, and its id is made of the name.

Everything but `reads` is pure; the caller brings the files. The room `configuration`, above, writes.
"""
