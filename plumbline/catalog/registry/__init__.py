"""The category and spec registry: which categories a library has, which specs they carry, and what a value of each must be.

    language        what may stand in a registry and in a category set (typed model of the files)
    references      `uses`, `$ref` and `extends` as they are written, and semantic versions
    shelf           the category sets that can be used, by name and version
    reading         a file as a document of this language, with every fault that one file can show
    resolution      the registry with its sets put in: every category with all its specs, nothing left to look up
    kinds           what one attribute is to all categories that have it
    rules           one spec of one category: what a value must be, from which status on it must be there
    demands         what references and category types demand of a spec: when, and with which severity
    conditions      the small language of `when`
    composites      values of several parts, `Red 40`, and the display that joins them
    value_checks    one value against one rule
    checks          a component's values against the rules of its category: the violations
    catalogue_page  the page of the shipped sets in the documentation

All of it is pure. What the API calls an attribute is called a spec in the files, because the files of the requirement do.
"""
