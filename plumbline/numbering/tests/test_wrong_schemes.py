"""Documents that are wrong in one way each. The sign § stands where the fault must be told; it is taken out before reading."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kit.errors import InvalidInput
from plumbline.kit.yaml_source import YamlDocument, YamlRefused, load_yaml
from plumbline.numbering.errors import RevisionSchemeInvalid, SchemeInvalid
from plumbline.numbering.revision_scheme import revision_scheme_from
from plumbline.numbering.scheme import scheme_from

CPU_MAX_SECONDS = 0.1

NUMBERS = r"""version: "1.0"
schema_type: id_generation_scheme
settings:
  allow_override: true
elements:
  - type: list
    name: category
    required: true
    values: ["410", "591"]
  - type: constant
    name: dash
    value: "-"
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format:
      min_value: 1
      max_value: 999
  - type: group
    name: tail
    elements:
      - type: constant
        name: dot
        value: "."
      - type: free
        name: text
        validation:
          pattern: "^[a-z]+$"
examples: ["410-001", "591-999.abc"]
"""

REVISIONS = """version: "1.0"
schema_type: revision_scheme_config
defaults:
  segments:
    letter: {min_value: A, max_value: ZZ}
    integer: {min_value: 1, max_value: 99}
  delimiter: "."
status_order: [Design, Prototype, Production]
schemes:
  - status: Design
    segments:
      major:
        type: letter
      minor:
        type: integer
    examples: [A, A.1]
validation:
  allowed_segment_types: [letter, integer]
  required_fields: [status, segments.major]
transitions:
  allowed:
    - from: Design
      to: [Prototype]
blacklist: [I, O]
"""


class Wrong(NamedTuple):
    text: str
    phrase: str
    hint: str = ""
    refusal: type[InvalidInput] = SchemeInvalid

    def also(self, old: str, new: str) -> Wrong:
        assert self.text.count(old) >= 1, old
        return self._replace(text=self.text.replace(old, new, 1))


def number(old: str, new: str, phrase: str, hint: str = "", refusal: type[InvalidInput] = SchemeInvalid) -> Wrong:
    return Wrong(NUMBERS, phrase, hint, refusal).also(old, new)


def revision(
    old: str, new: str, phrase: str, hint: str = "", refusal: type[InvalidInput] = RevisionSchemeInvalid
) -> Wrong:
    return Wrong(REVISIONS, phrase, hint, refusal).also(old, new)


def nested(levels: int) -> str:
    """Groups within groups; the sign stands before the list that is too deep."""
    text = "  - type: group\n    name: outer\n    elements:\n"
    for level in range(levels):
        here = "      " + "    " * level
        sign = "§" if level == 8 else ""
        text += f"{here}{sign}- type: group\n{here}  name: g{level}\n{here}  elements:\n"
    return text + "      " + "    " * levels + '- {type: constant, name: c, value: "x"}\n'


VALUES = 'values: ["410", "591"]'
FORMAT = "format:\n      min_value: 1\n      max_value: 999"
HEX = "type: hex_counter\n    name: sequence\n    required: true\n    attachedTo: [category]\n    "
COUNTER = "type: numeric_counter\n    name: sequence\n    required: true\n    attachedTo: [category]\n    "
PATTERN = 'pattern: "^[a-z]+$"'
EXAMPLES = 'examples: ["410-001", "591-999.abc"]'

WRONG_NUMBERS = {
    "nothing at all": Wrong("§", "nothing stands where a mapping is expected"),
    "a list": Wrong("§- 1\n- 2\n", "a list stands where a mapping is expected"),
    "a text": Wrong("§hello\n", "'hello' stands where a mapping is expected"),
    # --- the head
    "no version": number('version: "1.0"\nschema_type', "§schema_type", "'version' is missing"),
    "a later version": number('"1.0"', '§"2.0"', "'2.0' is not a version of this language"),
    "a version in words": number('"1.0"', "§one", "'one' is not a version"),
    "a version of three numbers": number('"1.0"', "§1.0.0", "'1.0.0' is not a version"),
    "no kind": number(
        'version: "1.0"\nschema_type: id_generation_scheme', '§version: "1.0"', "'schema_type' is missing"
    ),
    "a kind misspelt": number(
        "id_generation_scheme", "§id_generation_schema", "'id_generation_schema' is not", "'id_generation_scheme'"
    ),
    "a key misspelt": number("examples:", "§exampels: []\nexamples:", "'exampels' means nothing here", "'examples'"),
    "a description that is a list": number("settings:", "description: §[a]\nsettings:", "a list stands where a text"),
    # --- settings
    "no settings": number('version: "1.0"', '§version: "1.0"', "'settings' is missing").also(
        "settings:\n  allow_override: true\n", ""
    ),
    "settings that are a list": number(
        "settings:\n  allow_override: true", "settings: §[]", "a list stands where a mapping"
    ),
    "a setting misspelt": number(
        "allow_override: true",
        "allow_override: true\n  §allow_freefrom: true",
        "'allow_freefrom' means",
        "'allow_freeform'",
    ),
    "yes is no boolean": number("allow_override: true", "allow_override: §yes", "'yes' stands where true or false"),
    "one is no boolean": number("allow_override: true", "allow_override: §1", "1 stands where true or false"),
    "names that are a text": number(
        "allow_override: true", "allow_override: true\n  override_elements: §text", "'text' stands where a list"
    ),
    "an override of nothing": number(
        "allow_override: true",
        "allow_override: true\n  override_elements: [§catgory]",
        "no element named 'catgory'",
        "'category'",
    ),
    "free text far too long": number(
        "allow_override: true", "allow_override: true\n  freeform_validation: {max_length: §101}", "101 is out of range"
    ),
    "a length in quotes": number(
        "allow_override: true",
        "allow_override: true\n  freeform_validation: {max_length: §'9'}",
        "'9' stands where a whole",
    ),
    # --- patterns
    "a pattern left open": number(PATTERN, 'pattern: §"^([a-z]+$"', "opened here and never closed. At character 2"),
    "a class left open": number(PATTERN, 'pattern: §"^[a-z"', "never closed"),
    "a range backwards": number(PATTERN, 'pattern: §"^[z-a]$"', "runs backwards"),
    "nothing to repeat": number(PATTERN, 'pattern: §"^*a$"', "nothing here that * could repeat"),
    "repeats that explode": number(PATTERN, 'pattern: §"^((a{100}){100}){100}$"', "Counted repeats multiply"),
    "a class too large to repeat": number(PATTERN, "pattern: §'^\\p{L}{1000}$'", "cannot be compiled"),
    "look-behind left open": number(PATTERN, 'pattern: §"(?<=a"', "never closed"),
    "a reference to no group": number(PATTERN, "pattern: §'^(a)\\2$'", "no group 2 to refer back to"),
    "an unknown kind of group": number(PATTERN, 'pattern: §"(?>a)"', "kind of group is not known"),
    "an octal escape": number(PATTERN, "pattern: §'^\\012$'", "means nothing here"),
    "a pattern of a thousand characters": number(PATTERN, f'pattern: §"{"a" * 1000}"', "1000 characters"),
    "a catastrophic pattern and a text against it": number(PATTERN, 'pattern: "^(a+)+$"', "does not follow").also(
        '"591-999.abc"', '§"410-001.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"'
    ),
    "look-ahead and a text against it": number(PATTERN, 'pattern: "^(?!abc)[a-z]+$"', "does not follow").also(
        '"591-999.abc"', '§"410-001.abc"'
    ),
    "a back-reference and a text against it": number(PATTERN, "pattern: '^([a-z])\\1$'", "does not follow").also(
        '"591-999.abc"', '§"410-001.ab"'
    ),
    # --- elements
    "elements that are a mapping": Wrong(
        NUMBERS.partition("elements:")[0] + "elements: §{a: 1}\nexamples: [x]\n", "a mapping stands where a list"
    ),
    "no elements": Wrong(NUMBERS.partition("elements:")[0] + "elements: §[]\nexamples: [x]\n", "There are 0 entries"),
    "an element that is a text": number(
        "  - type: constant", "  - §dash\n  - type: constant", "'dash' stands where a mapping"
    ),
    "an element without a type": number("- type: list\n    name", "- §name", "'type' is missing"),
    "a type misspelt": number("type: list", "type: §lists", "'lists' is not known here", "'list'"),
    "an element without a name": number("- type: list\n    name: category", "- §type: list", "'name' is missing"),
    "an empty name": number("name: category", 'name: §""', "cannot be used"),
    "a name with a slash": number("name: dash", "name: §a/b", "'a/b' cannot be used"),
    "a name with a blank at its end": number("name: dash", 'name: §"a "', "cannot be used"),
    "a name of 51 characters": number("name: dash", f"name: §{'n' * 51}", "51 characters; at most 50"),
    "a name twice": number("name: dash", "name: §category", "used twice"),
    "a name twice in a group": number("name: text", "name: §dot", "used twice"),
    "required in quotes": number("required: true", "required: §'true'", "'true' stands where true or false"),
    "a key of another type of element": number(
        'value: "-"', 'value: "-"\n    §values: [a]', "'values' means", "'value'"
    ),
    "groups too deep": number("  - type: group", nested(9) + "  - type: group", "nested deeper than 8"),
    "a group of nothing": number("name: tail\n    elements:\n", "name: tail\n    elements: §[]\n", "0 entries")
    .also(NUMBERS.partition("name: tail\n    elements:\n")[2].partition("examples")[0], "")
    .also(', "591-999.abc"', ""),
    "51 elements": number(
        "elements:\n",
        "elements:\n  §- {type: constant, name: k, value: k}\n"
        + "".join(f"  - {{type: constant, name: k{n}, value: k}}\n" for n in range(45)),
        "The scheme has 51 elements",
    ),
    # --- lists
    "a list without values": number(
        f"- type: list\n    name: category\n    required: true\n    {VALUES}",
        "- §type: list\n    name: category",
        "'values' is missing",
    ),
    "a list of nothing": number(VALUES, "values: §[]", "There are 0 entries"),
    "a value twice": number(VALUES, 'values: ["410", "591", §"410"]', "'410' stands twice"),
    "a value that is nothing": number(VALUES, 'values: ["410", "591", §~]', "nothing stands where a text"),
    "a value that is true": number(VALUES, 'values: ["410", "591", §true]', "true stands where a text"),
    "a value that cannot be seen": number(VALUES, 'values: ["410", "591", §"\\u200b"]', "cannot be part of a number"),
    "a value that is empty": number(VALUES, 'values: ["410", "591", §""]', "cannot be part of a number"),
    "a value of 51 characters": number(VALUES, f'values: ["410", "591", §"{"1" * 51}"]', "51 characters"),
    "a key of a value misspelt": number(VALUES, 'values: [{id: "410", §nmae: x}]', "'nmae' means", "'name'"),
    "a value without its text": number(VALUES, 'values: ["410", "591", §{name: Screws}]', "'id' is missing"),
    "a value without what is used": number(VALUES, 'use: value\n    values: [§{id: "410"}]', "'value' is missing"),
    "a use misspelt": number(VALUES, f"use: §nmae\n    {VALUES}", "'nmae' is not known", "'name'"),
    "a value against the pattern": number(
        VALUES, 'values: ["410", §"59"]\n    validation: {pattern: "^[0-9]{3}$"}', "pattern of its own list"
    ),
    "a validation without a pattern": number(
        VALUES, f"{VALUES}\n    validation: §{{description: x}}", "'pattern' is missing"
    ),
    "a template misspelt": number(VALUES, "values: §${{ duro.categoris }}", "is not known", "'duro.categories'"),
    "a template of another kind": number(VALUES, "values: §$(duro.categories)", "neither a list nor a template"),
    # --- constants and counters
    "an empty constant": number('value: "-"', 'value: §""', "cannot be part of a number"),
    "a constant that cannot be seen": number('value: "-"', 'value: §"\\u200b"', "cannot be part of a number"),
    "a constant of 51 characters": number('value: "-"', f'value: §"{"-" * 51}"', "51 characters; at most 50"),
    "a constant without a value": number(
        '- type: constant\n    name: dash\n    value: "-"', "- §type: constant\n    name: dash", "'value' is missing"
    ),
    "a counter without a format": number(COUNTER + FORMAT, COUNTER.replace("type", "§type", 1), "'format' is missing"),
    "a counter without an end": number(FORMAT, "format: §{min_value: 1}", "'max_value' is missing"),
    "a counter that ends before it begins": number(
        "min_value: 1", "min_value: §1000", "1000 is greater than max_value 999"
    ),
    "a counter below zero": number("min_value: 1", "min_value: §-1", "-1 is out of range"),
    "a counter in quotes": number("max_value: 999", 'max_value: §"999"', "'999' stands where a whole number"),
    "a counter with a fraction": number("max_value: 999", "max_value: §99.5", "99.5 stands where a whole number"),
    "a counter of 16 digits": number("max_value: 999", f"max_value: §{10**15}", "1000000000000000 is out of range"),
    "hexadecimal in small letters": number(
        COUNTER + FORMAT, HEX + "format: {min_value: '0', max_value: §'fff'}", "max_value is 'fff'", "'FFF'"
    ),
    "no hexadecimal": number(
        COUNTER + FORMAT, HEX + "format: {min_value: §'0G', max_value: 'FFF'}", "min_value is '0G'"
    ),
    "hexadecimal that ends before it begins": number(
        COUNTER + FORMAT, HEX + "format: {min_value: §'FF', max_value: '0FE'}", "FF is greater than max_value 0FE"
    ),
    "hexadecimal of 13 digits": number(
        COUNTER + FORMAT, HEX + f"format: {{min_value: '0', max_value: §'{'F' * 13}'}}", "max_value is"
    ),
    # --- references
    "attached to a text": number("attachedTo: [category]", "attachedTo: §category", "'category' stands where a list"),
    "attached to nothing": number("[category]", "[§catagory]", "no element named 'catagory'", "'category'"),
    "attached to itself": number("[category]", "[§sequence]", "from 'sequence' back to itself"),
    "attached in a circle": number(VALUES, f"{VALUES}\n    attachedTo: [§sequence]", "from 'category' back to itself"),
    "attached to the group around it": number(
        "name: text", "name: text\n        attachedTo: [§tail]", "back to itself"
    ),
    "attached to one of two": number(
        "attachedTo: [category]", "attachedTo: [§text]", "'text' is used by several elements"
    ).also("examples", "  - {type: group, name: more, elements: [{type: list, name: text, values: [a]}]}\nexamples"),
    # --- free text
    "free text outside a group": number(
        "  - type: group", '  - {type: §free, name: f, validation: {pattern: "x"}}\n  - type: group', "outside a group"
    ),
    "free text without a rule": number(
        f"- type: free\n        name: text\n        validation:\n          {PATTERN}",
        "- §type: free\n        name: text",
        "'validation' is missing",
    ),
    "free text without a pattern": number(
        f"validation:\n          {PATTERN}", "validation: §{max_length: 3}", "'pattern' is missing"
    ),
    "free text that nobody may type": number(
        "- type: free", "- §type: free\n        required: true", "required, but nobody may type it"
    )
    .also("settings:\n  allow_override: true", "settings: {}")
    .also("name: tail", "name: tail\n    required: true"),
    # --- examples
    "no examples": number(EXAMPLES, "", "'examples' is missing").also("version", "§version"),
    "an empty list of examples": number(EXAMPLES, "examples: §[]", "There are 0 entries"),
    "an example with too few digits": number(EXAMPLES, 'examples: ["410-001", §"410-01"]', "'410-01' does not follow"),
    "an example of another shape": number(EXAMPLES, 'examples: ["410-001", §"410_001"]', "'410_001' does not follow"),
    "an example that is true": number(EXAMPLES, 'examples: ["410-001", §true]', "true stands where a text"),
    "an example of 101 characters": number(EXAMPLES, f'examples: ["410-001", §"{"1" * 101}"]', "101 characters"),
    "only examples of overrides": number(
        VALUES, f"{VALUES}\n    allow_freeform: true", "No example follows the scheme without an override"
    ).also(EXAMPLES, 'examples: §["X-001"]'),
}

MAJOR, MINOR = "major:\n        type: letter", "minor:\n        type: integer"
SCHEME = REVISIONS.partition("schemes:\n")[2].partition("validation:")[0]
ORDER = "status_order: [Design, Prototype, Production]"

WRONG_REVISIONS = {
    "no revision scheme at all": Wrong("§~", "nothing stands where a mapping", "", RevisionSchemeInvalid),
    "no version": revision('version: "1.0"\nschema_type', "§schema_type", "'version' is missing"),
    "a later version": revision('"1.0"', "§2.0", "'2.0' is not a version"),
    "a kind misspelt": revision(
        "revision_scheme_config", "§revision_scheme", "is not known here", "'revision_scheme_config'"
    ),
    "a key misspelt": revision("blacklist:", "§backlist:", "'backlist' means nothing here", "'blacklist'"),
    # --- defaults
    "defaults that are a list": Wrong(
        REVISIONS.replace(REVISIONS.partition("defaults:")[2].partition("status_order")[0], " §[]\n"),
        "a list stands where a mapping",
        "",
        RevisionSchemeInvalid,
    ),
    "defaults of an unknown type": revision("letter: {", "§letters: {", "'letters' means nothing", "'letter'"),
    "a bound in small letters": revision("min_value: A", "min_value: §a", "'a' cannot bound letters", "'A'"),
    "a number that bounds letters": revision("min_value: A", "min_value: §1", "'1' cannot bound letters"),
    "six letters": revision("max_value: ZZ", "max_value: §ZZZZZZ", "'ZZZZZZ' cannot bound letters"),
    "letters that end before they begin": revision(
        "{min_value: A, max_value: ZZ}", "{min_value: §AA, max_value: Z}", "AA comes after"
    ),
    "letters beyond the usual end": revision(
        "{min_value: A, max_value: ZZ}", "{min_value: §AAA}", "AAA comes after max_value ZZ"
    ),
    "numbers that end before they begin": revision(
        "{min_value: 1, max_value: 99}", "{min_value: §9, max_value: 8}", "9 is greater than"
    ),
    "numbers below the usual beginning": revision(
        "{min_value: 1, max_value: 99}", "{max_value: §0}", "1 is greater than max_value 0"
    ),
    "a number below zero": revision("{min_value: 1", "{min_value: §-1", "-1 is out of range"),
    "a number in quotes": revision("{min_value: 1", "{min_value: §'1'", "'1' stands where a whole number"),
    "a number far too great": revision("max_value: 99", f"max_value: §{10**9}", "1000000000 is out of range"),
    "a delimiter that cannot be seen": revision('delimiter: "."', 'delimiter: §" "', "cannot be seen"),
    "a delimiter of six characters": revision('delimiter: "."', "delimiter: §......", "6 characters; at most 5"),
    "an empty value of eleven characters": revision('delimiter: "."', "empty_value: §-----------", "11 characters"),
    # --- statuses
    "statuses that are a text": revision(ORDER, "status_order: §Design", "'Design' stands where a list"),
    "a status twice": revision(
        ORDER, "status_order: [Design, §Design, Prototype, Production]", "'Design' stands twice"
    ),
    "a status twice, once with more": revision(
        ORDER, "status_order: [Design, {name: §Design}, Prototype]", "stands twice"
    ),
    "a status without a name": revision(
        ORDER, "status_order: [Design, Prototype, §{maps_to: DESIGN}]", "'name' is missing"
    ),
    "an empty status": revision(ORDER, "status_order: [Design, Prototype, §'']", "The text is empty"),
    "a status of 101 characters": revision(ORDER, f"status_order: [Design, Prototype, §{'s' * 101}]", "101 characters"),
    "a key of a status misspelt": revision(
        ORDER, "status_order: [Design, Prototype, {name: x, §colour: y}]", "'colour' means", "'color'"
    ),
    "a meaning in small letters": revision(
        ORDER, "status_order: [Design, Prototype, {name: x, maps_to: §design}]", "'design' is not known", "'DESIGN'"
    ),
    "a meaning misspelt": revision(
        ORDER, "status_order: [Design, Prototype, {name: x, maps_to: §PRODUKTION}]", "is not known", "'PRODUCTION'"
    ),
    "a colour by its name": revision(
        ORDER, "status_order: [Design, Prototype, {name: x, color: §red}]", "'red' is not a colour"
    ),
    "a colour of three digits": revision(
        ORDER, 'status_order: [Design, Prototype, {name: x, color: §"#fff"}]', "'#fff' is not a colour"
    ),
    "a colour without quotes": revision(
        ORDER,
        "status_order:\n  - Design\n  - Prototype\n  - name: Production\n    color:§ #4C7EF3",
        "nothing stands where a text",
        "quotes",
    ),
    "two statuses of one former name": revision(
        ORDER,
        "status_order: [{name: Design, formerly: Idea}, {name: Prototype, formerly: §idea}]",
        "Two statuses have the former name 'idea'",
    ),
    "a former name that a status still has": revision(
        ORDER,
        "status_order: [Design, {name: Prototype, formerly: §design}]",
        "The status 'Design' is still in the order",
    ),
    "a former name that a status with more to it still has": revision(
        ORDER,
        "status_order: [{name: Design, formerly: §Prototype}, {name: Prototype, maps_to: DESIGN}]",
        "The status 'Prototype' is still in the order",
    ),
    # --- schemes
    "no schemes": Wrong(
        REVISIONS.replace("schemes:\n" + SCHEME, "").replace("version", "§version", 1),
        "'schemes' is missing",
        "",
        RevisionSchemeInvalid,
    ),
    "an empty list of schemes": Wrong(
        REVISIONS.replace("schemes:\n" + SCHEME, "schemes: §[]\n"), "There are 0 entries", "", RevisionSchemeInvalid
    ),
    "a scheme that is a text": revision(
        "  - status: Design", "  - §Design\n  - status: Design", "'Design' stands where a mapping"
    ),
    "a scheme of no status": revision("- status: Design\n    segments", "- §segments", "'status' is missing"),
    "a scheme of an unknown status": revision(
        "status: Design", "status: §Desing", "no status named 'Desing'", "'Design'"
    ),
    "two schemes of one status": revision(
        "schemes:\n", "schemes:\n  - {status: Design, segments: {major: {type: letter}}}\n", "has two schemes"
    ).also("- status: Design", "- status: §Design"),
    "a key of a scheme misspelt": revision("examples: [A, A.1]", "§exampels: [A]", "'exampels' means", "'examples'"),
    "no segments": Wrong(
        REVISIONS.replace(SCHEME, "  - §status: Design\n"), "'segments' is missing", "", RevisionSchemeInvalid
    ),
    "segments of nothing": Wrong(
        REVISIONS.replace(SCHEME, "  - status: Design\n    segments: §{}\n"),
        "There are 0 entries",
        "",
        RevisionSchemeInvalid,
    ),
    "seven segments": Wrong(
        REVISIONS.replace(
            SCHEME,
            "  - status: Design\n    segments: §{major: {type: letter}, "
            + ", ".join(f"s{n}: {{type: integer}}" for n in range(6))
            + "}\n",
        ),
        "There are 7 entries; at most 6",
        "",
        RevisionSchemeInvalid,
    ),
    "segments in a list": Wrong(
        REVISIONS.replace(SCHEME, "  - status: Design\n    segments: §[major]\n"),
        "a list stands where a mapping",
        "",
        RevisionSchemeInvalid,
    ),
    "a segment without a type": revision(
        "major:\n        type: letter", "major: §{required: true}", "'type' is missing"
    ),
    "an unknown key of a segment in pointed brackets": revision(
        "major:\n        type: letter",
        "<major>:\n        type: letter\n        §bogus: 1",
        "'bogus' means nothing here",
    ),
    "a type of segment misspelt": revision("type: letter", "type: §leter", "'leter' is not known", "'letter'"),
    "a key of a segment misspelt": revision(
        "type: integer", "type: integer\n        §delimeter: x", "'delimeter' means", "'delimiter'"
    ),
    "a first segment that may be left out": revision(
        "type: letter", "type: letter\n        required: §false", "first segment and cannot be left out"
    ),
    "a required segment behind an optional one": revision(
        "type: integer",
        "type: integer\n      patch:\n        type: integer\n        required: §true",
        "'patch' is required, but stands after 'minor'",
    ),
    "a delimiter that is a letter": revision(
        "type: integer", "type: integer\n        delimiter: §R", "Nothing shows where 'major' ends"
    ),
    "letters that touch letters": revision(
        "type: integer", 'type: letter\n        delimiter: §""', "Nothing shows where 'major' ends"
    ),
    "a segment that ends before it begins": revision(
        "type: integer", "type: integer\n        min_value: §5\n        max_value: 4", "5 is greater than"
    ),
    "a segment that begins after the defaults end": revision(
        "type: integer", "type: integer\n        min_value: §100", "100 is greater than max_value 99"
    ),
    "a bound of either that is true": revision(
        "type: letter", "type: either\n        min_value: §true", "true stands where a text"
    ),
    "a bound of either in small letters": revision(
        "type: letter", "type: either\n        max_value: §z", "'z' cannot bound letters", "'Z'"
    ),
    "required in words": revision(
        "type: integer", "type: integer\n        required: §yes", "'yes' stands where true or false"
    ),
    "an example of no revision": revision("[A, A.1]", "[A, §A.0]", "'A.0' is no revision of the status 'Design'"),
    "an example that is barred": revision("[A, A.1]", "[A, §I]", "'I' is no revision"),
    "an example of 51 characters": revision("[A, A.1]", f"[A, §{'A' * 51}]", "51 characters; at most 50"),
    # --- what the document demands
    "an unknown type among the allowed": revision("[letter, integer]", "[letter, §number]", "'number' is not known"),
    "a type that is not among the allowed": revision(
        "type: integer", "type: §integer", "'integer' is not among allowed_segment_types"
    ).also("[letter, integer]", "[letter]"),
    "a field that every scheme must have": revision(
        "segments:\n      major", "segments:\n      §major", "'segments.patch' is missing"
    ).also("segments.major]", "segments.patch]"),
    "a key that every scheme must have": revision("- status", "- §status", "'description' is missing").also(
        "segments.major]", "description]"
    ),
    "transitions of nothing": revision(
        "transitions:\n  allowed:\n    - from: Design\n      to: [Prototype]",
        "transitions: §{}",
        "'allowed' is missing",
    ),
    "a transition to nowhere": revision("- from: Design\n      to: [Prototype]", "- §from: Design", "'to' is missing"),
    "a transition to a text": revision("to: [Prototype]", "to: §Prototype", "'Prototype' stands where a list"),
    "a transition from an unknown status": revision("from: Design", "from: §Draft", "no status named 'Draft'"),
    "a transition to an unknown status": revision(
        "to: [Prototype]", "to: [Prototype, §Prodction]", "no status named 'Prodction'", "'Production'"
    ),
    "a transition under validation to an unknown status": revision(
        "validation:", "validation:\n  transitions: {allowed: [{from: Design, to: [§Gone]}]}", "no status named 'Gone'"
    ),
    "a transition misspelt": revision("to: [Prototype]", "to: [Prototype]\n      §form: x", "'form' means", "'from'"),
    "a blacklist that is a text": revision("[I, O]", "§I", "'I' stands where a list"),
    "a sign on the blacklist": revision("[I, O]", "[I, §'?']", "'?' can be no part of a revision"),
    "letters and digits on the blacklist": revision("[I, O]", "[I, §A1]", "'A1' can be no part"),
    "six letters on the blacklist": revision("[I, O]", "[I, §ABCDEF]", "6 characters; at most 5"),
    "a blacklist that leaves no letter": revision(
        "segments:\n      major", "segments:\n      §major", "leaves no revision at all"
    ).also("[I, O]", "[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z]"),
    "a blacklist that leaves no number": revision(
        "segments:\n      major", "segments:\n      §major", "leaves no revision at all"
    )
    .also("type: letter", "{type: integer, min_value: 1, max_value: 3}")
    .also("[I, O]", "[1, 2, 3]"),
}

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [" + ", ".join([f"*{chr(97 + n)}"] * 10) + "]\n" for n in range(8)
)

NOT_YAML = {
    "an alias bomb": (BOMB.replace("[*c, *c, *c", "[*c, *c, *c"), "the aliases repeat more than 1000 values"),
    "nesting without end": ("elements: " + "[" * 31 + "§" + "[" * 500 + "]" * 531, "nested deeper than 32 levels"),
    "a key twice": (NUMBERS.replace("examples:", "§settings: {}\nexamples:"), "the key 'settings' stands twice"),
    "a tab": (NUMBERS.replace("    name: category", "§\tname: category"), "a tab cannot indent YAML"),
    "two documents": (NUMBERS + "§---\n" + NUMBERS, "a second document begins here"),
    "a list left open": (NUMBERS.replace('["410", "591"]', '["410", "591"'), ""),
    "an unknown tag": (NUMBERS.replace('value: "-"', 'value: §!!python/object:os.system "-"'), "the tag"),
    "a control character": (NUMBERS.replace('value: "-"', 'value: "§\x07"'), "cannot be part of a configuration text"),
    "an unknown alias": (NUMBERS.replace('value: "-"', "value: §*dash"), "alias *dash"),
    "half a megabyte": ("§" + NUMBERS + "#" + "x" * 500_000, "at most 262144 are read"),
    "a number of 200 digits": (NUMBERS.replace("999\n", "§" + "9" * 200 + "\n", 1), "at most 100 digits"),
}


def refused(read: Callable[[str], object], text: str, refusal: type[InvalidInput]) -> InvalidInput:
    """The refusal; the quickest of three attempts keeps the bound, so that a busy machine does not fail the test."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(refusal) as caught:
            read(text)
        spent.append(time.process_time() - began)
    assert min(spent) <= CPU_MAX_SECONDS
    return caught.value


def check(wrong: Wrong, read: Callable[[str], object]) -> None:
    before, sign, _ = wrong.text.partition("§")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    first = refused(read, wrong.text.replace("§", ""), wrong.refusal)
    faults = [first, *first.also]
    assert all(isinstance(fault, wrong.refusal) for fault in faults)
    told = [fault for fault in faults if wrong.phrase in fault.message]
    assert told, [fault.message for fault in faults]
    fault = told[0]
    assert fault.message.startswith(f"scheme.yaml:{line}:{column}: ") or not sign
    assert wrong.hint in (fault.hint or "")
    if wrong.refusal is not YamlRefused:
        assert fault.path is not None
        assert fault.expected
        assert (fault.page or "").startswith("docs/reference/configuration/")


@pytest.mark.parametrize("name", WRONG_NUMBERS)
def test_a_wrong_part_number_scheme_is_refused_at_its_place(name: str) -> None:
    check(WRONG_NUMBERS[name], lambda text: scheme_from(load_yaml(text, "scheme.yaml")))


@pytest.mark.parametrize("name", WRONG_REVISIONS)
def test_a_wrong_revision_scheme_is_refused_at_its_place(name: str) -> None:
    check(WRONG_REVISIONS[name], lambda text: revision_scheme_from(load_yaml(text, "scheme.yaml")))


@pytest.mark.parametrize("name", NOT_YAML)
def test_what_is_no_yaml_is_refused_at_its_place(name: str) -> None:
    text, phrase = NOT_YAML[name]
    check(Wrong(text, phrase, refusal=YamlRefused), lambda text: scheme_from(load_yaml(text, "scheme.yaml")))


@pytest.mark.parametrize(
    "order",
    [
        "[{name: Design, formerly: Prototype}, {name: Prototype, formerly: Design}]",
        "[{name: Design, formerly: Prototype}, {name: Prototype, formerly: Trial}]",
        "[{name: Design, formerly: design}, Prototype]",
    ],
    ids=["a swap", "a chain", "other capitals"],
)
def test_statuses_may_change_their_names_with_each_other(order: str) -> None:
    text = REVISIONS.replace(ORDER, f"status_order: {order}")
    assert revision_scheme_from(load_yaml(text)).status_order == ("Design", "Prototype")


def test_the_documents_are_right_before_they_are_made_wrong() -> None:
    assert scheme_from(load_yaml(NUMBERS)).warnings == ()
    assert revision_scheme_from(load_yaml(REVISIONS)).status_order == ("Design", "Prototype", "Production")


def test_a_pattern_that_takes_too_long_is_a_fault_of_the_scheme() -> None:
    """Look-around runs under a clock. The fault says so; how long the clock lets it run is not bounded here."""
    clock = r"(?=a)(a|a|aa)+\d"
    slow = number(PATTERN, f"pattern: '^{clock}$'", "").also("591-999.abc", f"591-999.{'a' * 49}!")
    with pytest.raises(SchemeInvalid, match="took longer") as caught:
        scheme_from(load_yaml(slow.text, "scheme.yaml"))
    assert caught.value.path == ("examples", 1)
    assert "look-around" in str(caught.value.hint)
    in_a_list = number(VALUES, f"values: ['410', '{'a' * 49}!']\n    validation: {{pattern: '^410|{clock}$'}}", "")
    with pytest.raises(SchemeInvalid, match="took longer") as caught:
        scheme_from(load_yaml(in_a_list.text, "scheme.yaml"))
    assert caught.value.path == ("elements", 0, "validation", "pattern")


# --- anything at all --------------------------------------------------------------------------------------------------------------

JUNK: list[Any] = [
    None,
    True,
    0,
    7,
    -1,
    1.5,
    10**20,
    "",
    "x",
    " ",
    "/",
    "category",
    "[",
    "^(?!a)",
    "\u200b",
    "A" * 60,
    "${{ a }}",
]
junk = st.recursive(
    st.sampled_from(JUNK),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "name", "elements", "values", "id", "status", "segments", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([place] if place else []), *(each for key, inner in inside for each in places(inner, (*place, key)))]


@pytest.mark.parametrize(
    ("text", "read", "refusal"),
    [(NUMBERS, scheme_from, SchemeInvalid), (REVISIONS, revision_scheme_from, RevisionSchemeInvalid)],
    ids=["numbers", "revisions"],
)
@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_document_it_is_read_or_refused(
    text: str, read: Callable[[YamlDocument], object], refusal: type[InvalidInput], data: st.DataObject
) -> None:
    document: Any = load_yaml(text).value
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(document)))
        holder = document
        for part in way:
            holder = holder[part]
        holder[last] = data.draw(junk)
    try:
        read(load_yaml(json.dumps(document, ensure_ascii=False, indent=1), "scheme.yaml"))
    except refusal as refused:
        for fault in (refused, *refused.also):
            assert re.match(r"scheme\.yaml:[0-9]+:[0-9]+: .*[.?)]$", fault.message, re.DOTALL)
            assert fault.page
