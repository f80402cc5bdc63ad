"""Rules that a library writes in JavaScript. So far the document that lists them.

    rules_language    what may stand in `validations.yaml` (typed model of the file, JSON Schema for editors)
    rules_reading     the list and the files that it names, as rules, with every fault that they have

All of it is pure; the caller brings the files.
"""
