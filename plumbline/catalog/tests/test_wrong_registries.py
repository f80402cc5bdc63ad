"""Registries and sets that cannot be: each is refused at the right line, in words that help, and quickly."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from plumbline.catalog.errors import InvalidRegistry
from plumbline.catalog.registry.reading import registry_package, set_package
from plumbline.catalog.registry.resolution import CHAIN_MAX, Registry, resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.errors import InvalidInput
from plumbline.kit.yaml_source import YamlRefused, load_yaml

USES = "uses: [duro/mechanical-categories@v1]\n"
ONE_GROUP = "commonSpecs: {g: [{name: A, type: string}]}\n"
SECONDS_MAX = 0.1
"""Of computing, for the best of a few; the machine may be busy."""


class Wrong(NamedTuple):
    """`line` is where the first fault stands, `told` is found in its message, what was expected, or the hint."""

    name: str
    text: str | bytes
    line: int
    told: str
    refusal: type[InvalidInput] = InvalidRegistry
    is_set: bool = False


def category(more: str) -> str:
    """A registry of one category; the text stands in line 5."""
    return f"categories:\n  - code: '100'\n    type: SOFTWARE\n    name: Part\n    {more}\n"


def spec(more: str) -> str:
    """A registry of one spec; the text stands in line 4, in the mapping of the spec."""
    return f"commonSpecs:\n  group:\n    - name: A\n      {more}\n"


def limits(kind: str, more: str) -> str:
    """A registry of one spec of a type; its validation stands in line 4."""
    return f"commonSpecs:\n  group:\n    - name: A\n      validation: {{{more}}}\n      type: {kind}\n"


def parts(components: str, kind: str = "paired", display: str = "") -> str:
    """A registry of one composite spec; its parts stand in line 5, its display in line 6."""
    shown = f"\n      display: {display!r}" if display else ""
    return spec(f"type: {kind}\n      components: {{{components}}}{shown}")


def conditional(when: str, limit: str = "minimum: 1") -> str:
    """A color and a number; the condition on the number stands in line 10."""
    return spec(f"""type: conditional
      components:
        color: {{type: string, validation: {{enum: [red, blue]}}}}
        number:
          type: integer
          validation: {{maximum: 50, conditions: [
            {{when: "{when}", {limit}}}]}}""")


def a_set(head: str = "", more: str = "", version: str = "1.1.0") -> str:
    """A set with a changelog of one entry, in line 5; what is more begins in line 7."""
    head = head or "name: acme/parts"
    return f"schema_type: category_set\n{head}\nversion: {version}\nchangelog:\n  - version: {version}\n    changes: [first]\n{more}"


def another(more: str) -> str:
    """A second category for a registry of one; it stands in line 6."""
    return f"  - {{code: '101', type: SOFTWARE, name: Other, {more}}}\n"


def chain(length: int, link: Callable[[int], str], head: str = "", end: str = "") -> str:
    return head + "".join(link(number) for number in range(length)) + end


LONG_REFERENCES = chain(
    900,
    lambda n: f"    s{n}: {{$ref: '#/commonSpecs/g/s{n + 1}'}}\n",
    "commonSpecs:\n  g:\n",
    "    s900: {name: A, type: string}",
)
LONG_EXTENSIONS = chain(
    900,
    lambda n: f"  - {{extends: C{n + 1}, name: C{n}, code: '{n}'}}\n",
    "categories:\n",
    "  - {code: x, type: SOFTWARE, name: C900}",
)
BOMB = chain(
    9, lambda n: f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n", "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
)
WIDE_GROUP = chain(
    600,
    lambda n: f"    s{n}: {{name: S{n}, type: string}}\n",
    "commonSpecs:\n  g:\n",
    category('specs: [{$ref: "#/commonSpecs/g/*"}]'),
)
NEVER_HOLDING = parts(
    chain(
        100,
        lambda _: "\n          {when: \"a == 'a1' and b == 'b1' and c > 3 and c < 3\", minimum: 1},",
        """
        a: {type: string, validation: {enum: [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9]}},
        b: {type: string, validation: {enum: [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9]}},
        c: {type: integer, validation: {minimum: 0, maximum: 500}},
        n: {type: integer, validation: {conditions: [""",
        "]}}",
    ),
    "conditional",
)
WITHOUT_END = chain(
    200, lambda n: f"    - {{name: S{n}, type: string}}\n", "categoryTypeSpecs:\n  SOFTWARE:\n", "categories:\n"
) + chain(1_200, lambda n: f"  - {{code: c{n}, type: SOFTWARE, name: N{n}}}\n")
TWO_KINDS = a_set(
    more="""categories:
  - {code: 1, type: SOFTWARE, name: X, specs: [{name: A, type: number, unit: g, sourceKey: mass}]}
  - {code: 2, type: SOFTWARE, name: Y, specs: [{name: A, type: number, sourceKey: mass}]}
"""
)

KINDS = [
    Wrong("a list", "- code: 1", 1, "a list stands where a mapping is expected"),
    Wrong("a text", "hello", 1, "'hello' stands where a mapping is expected"),
    Wrong("uses is a mapping", "uses: {a: b}", 1, "a mapping stands where a list is expected"),
    Wrong("uses holds a mapping", "uses:\n  - duro/x: v1", 2, "a mapping stands where a text is expected"),
    Wrong("excludes is a text", "excludes: Bearing", 1, "'Bearing' stands where a list is expected"),
    Wrong("common specs are a list", "commonSpecs: []", 1, "a list stands where a mapping is expected"),
    Wrong("a group is a text", "commonSpecs:\n  dimensions: none", 2, "stands where a list is expected"),
    Wrong("type specs are a list", "categoryTypeSpecs: []", 1, "a list stands where a mapping is expected"),
    Wrong("categories are a mapping", "categories: {code: 1}", 1, "a mapping stands where a list is expected"),
    Wrong("a category is a text", "categories:\n  - Bearing", 2, "'Bearing' stands where a mapping is expected"),
    Wrong("specs are a mapping", category("specs: {name: A}"), 5, "a mapping stands where a list is expected"),
    Wrong("a spec is a text", category("specs: [Length]"), 5, "'Length' stands where a mapping is expected"),
    Wrong("a name is a list", category("specs: [{name: [], type: string}]"), 5, "a list stands where a text"),
    Wrong(
        "validation is a text", spec("validation: '^a'\n      type: string"), 4, "stands where a mapping is expected"
    ),
    Wrong("a pattern is a mapping", limits("string", "pattern: {}"), 4, "a mapping stands where a text is expected"),
    Wrong("an enum is a text", limits("string", "enum: red"), 4, "'red' stands where a list is expected"),
    Wrong("a minimum is a text", limits("integer", "minimum: one"), 4, "'one' stands where a number is expected"),
    Wrong("a minimum is quoted", limits("integer", "minimum: '1'"), 4, "a number without quotes"),
    Wrong("a minimum is infinite", limits("number", "minimum: -.inf"), 4, "stands where a number is expected"),
    Wrong("parts are a list", parts("").replace("{}", "[]"), 5, "a list stands where a mapping is expected"),
    Wrong("required is a number", category("specs: [{name: A, type: string, required: 3}]"), 5, "does not say when"),
    Wrong(
        "required is a list", category("specs: [{name: A, type: string, required: [Design]}]"), 5, "does not say when"
    ),
]

WORDS = [
    Wrong("unknown key", "version: '1.0'\ncategorys: []", 2, "Did you mean 'categories'?"),
    Wrong("unknown key of a category", category("shortname: X"), 5, "Did you mean 'shortName'?"),
    Wrong("unknown key of a spec", spec("typ: string\n      type: string"), 4, "'typ' means nothing here"),
    Wrong("unknown key of a validation", limits("string", "patern: x"), 4, "Did you mean 'pattern'?"),
    Wrong(
        "unknown key of a part",
        parts("a: {type: string, valdation: {}}, b: {type: string}"),
        5,
        "Did you mean 'validation'?",
    ),
    Wrong("unknown key of a condition", conditional("color == 'red'", "minimun: 1"), 10, "Did you mean 'minimum'?"),
    Wrong("unknown type of a spec", spec("type: strng"), 4, "Did you mean 'string'?"),
    Wrong("no type", spec("description: x"), 3, "'type' is missing"),
    Wrong("no name", "commonSpecs:\n  group:\n    - type: string", 3, "'name' is missing"),
    Wrong("unknown type of a part", parts("a: {type: date}, b: {type: string}"), 5, "'date' is not known here"),
    Wrong(
        "unknown category type", category("specs: []").replace("SOFTWARE", "MECHANICL"), 3, "Did you mean 'MECHANICAL'?"
    ),
    Wrong("unknown type of type specs", "categoryTypeSpecs:\n  SOFTWAR: []", 2, "Did you mean 'SOFTWARE'?"),
    Wrong("wrong severity", spec("severity: Warn\n      type: string"), 4, "Did you mean 'Warning'?"),
    Wrong("wrong schema type", "schema_type: category_sets", 1, "'category_registry'"),
    Wrong("wrong version", "version: '2.0'", 1, "'2.0' does not have the form that is wanted"),
    Wrong("wrong unit of measure", category("unitOfMeasure: METRE_LONG"), 5, "is not a unit of measure"),
    Wrong("nearest unit of measure", category("unitOfMeasure: KILOGRAMM"), 5, "Did you mean 'KILOGRAM'?"),
    Wrong("unknown unit", spec("unit: furlong\n      type: number"), 4, "'furlong' is not a known unit"),
    Wrong("no code and no name", "categories:\n  - type: SOFTWARE", 2, "The category has no code and no name."),
    Wrong("an empty name", category("specs: [{name: '', type: string}]"), 5, "The text is empty."),
    Wrong(
        "a name with a blank at its end",
        category("specs: [{name: 'A ', type: string}]"),
        5,
        "begins or ends with a blank",
    ),
    Wrong("a name of two lines", category('specs: [{name: "A\\nB", type: string}]'), 5, "a tab or a line break"),
    Wrong(
        "a name of great length",
        category(f"specs: [{{name: {'x' * 101}, type: string}}]"),
        5,
        "at most 100 are allowed",
    ),
]

REFERENCES = [
    Wrong("unknown set", "uses:\n  - duro/mechancal-categories@v1", 2, "Did you mean 'duro/mechanical-categories'?"),
    Wrong("unreleased version", "uses:\n  - duro/mechanical-categories@v3", 2, "has not been released"),
    Wrong("no version", "uses:\n  - duro/mechanical-categories", 2, "names no version"),
    Wrong("a version that is none", "uses:\n  - duro/mechanical-categories@latest", 2, "'latest' is not a version"),
    Wrong("no name of a set", "uses:\n  - mechanical", 2, "is not the name of a category set"),
    Wrong(
        "a set twice", "uses:\n  - duro/software-categories@v1\n  - duro/software-categories@v1.0", 3, "is used twice"
    ),
    Wrong("excluded but not there", USES + "excludes: [Bearng]", 2, "Did you mean 'Bearing'?"),
    Wrong("excluded without a set", "excludes: [Bearing]", 1, "No set that is used has a category 'Bearing'"),
    Wrong(
        "extended but not there",
        "categories:\n  - extends: duro/mechanical-categories/berring@v1",
        2,
        "Did you mean 'Bearing'?",
    ),
    Wrong(
        "extended from no set",
        "categories:\n  - extends: acme/parts/bearing",
        2,
        "There is no category set 'acme/parts'",
    ),
    Wrong(
        "extended from a wrong place",
        "categories:\n  - extends: duro/mechanical-categories/specs/bearing",
        2,
        "leads nowhere",
    ),
    Wrong(
        "reference to nothing",
        category('specs: [{$ref: "#/commonSpecs/x"}]'),
        5,
        "There is nothing named 'x' in commonSpecs",
    ),
    Wrong(
        "reference to a near name",
        category('specs: [{$ref: "duro/mechanical-categories/specs/dimensions/hight"}]'),
        5,
        "Did you mean 'height'?",
    ),
    Wrong(
        "reference to another root",
        category('specs: [{$ref: "#/categories/x"}]'),
        5,
        "specs of this file stand under #/commonSpecs/",
    ),
    Wrong(
        "reference to a group",
        ONE_GROUP + category('specs: [{$ref: "#/commonSpecs/g"}]'),
        6,
        "leads to a group of specs",
    ),
    Wrong(
        "reference to a spec as a group",
        ONE_GROUP + category('specs: [{$ref: "#/commonSpecs/g/A/*"}]'),
        6,
        "not to a group",
    ),
    Wrong(
        "reference with two versions",
        category('specs: [{$ref: "duro/mechanical-categories@v1/specs/dimensions/height@v1"}]'),
        5,
        "has a version that cannot be read",
    ),
    Wrong(
        "reference with more keys",
        category('specs: [{$ref: "#/commonSpecs/x", name: A}]'),
        5,
        "'name' means nothing here",
    ),
    Wrong(
        "reference of great length",
        category(f'specs: [{{$ref: "#/commonSpecs/{"x" * 400}"}}]'),
        5,
        "at most 300 are allowed",
    ),
    Wrong(
        "reference that nothing uses",
        "commonSpecs:\n  g:\n    - $ref: '#/commonSpecs/h'",
        3,
        "There is nothing named 'h'",
    ),
    Wrong(
        "reference to itself",
        "commonSpecs:\n  g:\n    a: {$ref: '#/commonSpecs/g/a'}",
        3,
        "The reference leads back to itself.",
    ),
    Wrong(
        "references in a circle",
        "commonSpecs:\n  g:\n    a: {$ref: '#/commonSpecs/g/b'}\n    b: {$ref: '#/commonSpecs/g/a'}",
        3,
        "The reference leads back to itself.",
    ),
    Wrong(
        "a group within itself",
        "commonSpecs:\n  g:\n    - {$ref: '#/commonSpecs/g/*'}",
        3,
        "The reference leads back to itself.",
    ),
    Wrong(
        "a category extends itself",
        "categories:\n  - {extends: B, name: A, code: 1}\n  - {extends: A, name: B, code: 2}",
        2,
        "The category extends itself: A extends B extends A.",
    ),
    Wrong("a chain of references", LONG_REFERENCES, CHAIN_MAX + 3, "More than 32 references lead to one another."),
    Wrong("a chain of categories", LONG_EXTENSIONS, CHAIN_MAX + 3, "More than 32 categories extend one another."),
]

TWINS = [
    Wrong("a key twice", "uses: []\nuses: []", 2, "the key 'uses' stands twice", YamlRefused),
    Wrong(
        "a code twice",
        category("specs: []") + another("").replace("101", "100"),
        6,
        "Two categories have the code '100'.",
    ),
    Wrong(
        "a name twice",
        category("specs: []") + another("").replace("Other", "PART"),
        6,
        "Two categories have the name 'PART'.",
    ),
    Wrong(
        "a spec twice",
        category("specs: [{name: A, type: string}, {name: a, type: string}]"),
        5,
        "The spec 'a' stands here twice.",
    ),
    Wrong(
        "a common spec twice",
        "commonSpecs:\n  g:\n    - {name: Input Voltage, type: string}\n    - {name: input_voltage, type: string}",
        4,
        "There are two specs that references know as",
    ),
    Wrong("a choice twice", limits("string", "enum: [red, blue, red]"), 4, "'red' stands in the enum twice."),
    Wrong(
        "a code of a set",
        USES + "categories:\n  - {code: '230', type: SOFTWARE, name: Part}",
        3,
        "Put 'Bearing' under excludes, or extend it.",
    ),
    Wrong(
        "a name of a set",
        USES + "categories:\n  - {code: x, type: SOFTWARE, name: bearing}",
        3,
        "The name 'bearing' is that of Bearing of",
    ),
    Wrong(
        "two types of one spec that is computed with",
        category("specs: [{name: A, type: number, unit: g, sourceKey: mass}]")
        + another("specs: [{name: a, type: string}]"),
        6,
        "one type, unit and sourceKey, since mass is computed with",
    ),
    Wrong(
        "two units of one spec that is computed with",
        category("specs: [{name: A, type: number, unit: g, sourceKey: mass}]")
        + another("specs: [{name: A, type: number, unit: V, sourceKey: mass}]"),
        6,
        "of type number in V with the sourceKey mass in Other, but of type number in g with the sourceKey mass in Part",
    ),
    Wrong(
        "another type than in a set",
        USES + category("specs: [{name: Mass, type: string}]").replace("100", "800"),
        3,
        "'Mass' is of type string in Part, but of type number in g with the sourceKey mass in",
    ),
    Wrong(
        "two specs of one source",
        category("specs: [{name: A, type: number, sourceKey: mass}, {name: B, type: number, sourceKey: mass}]"),
        2,
        "one spec for each sourceKey",
    ),
]

LIMITS = [
    Wrong("minimum above maximum", limits("integer", "minimum: 3, maximum: 2"), 4, "minimum 3 is above maximum 2"),
    Wrong("no whole number within", limits("integer", "minimum: 1.2, maximum: 1.8"), 4, "No whole number lies between"),
    Wrong("an empty enum", limits("string", "enum: []"), 4, "There are 0 entries."),
    Wrong("an empty choice", limits("string", "enum: ['']"), 4, "The text is empty."),
    Wrong("nothing as a choice", limits("string", "enum: [red, null]"), 4, "nothing stands where a text is expected"),
    Wrong("a choice with a blank", limits("string", "enum: [' red']"), 4, "begins or ends with a blank"),
    Wrong("a choice that is no number", limits("integer", "enum: [1, two]"), 4, "'two' is not a value of type integer"),
    Wrong("a choice outside", limits("integer", "enum: [1, 9], maximum: 5"), 4, "9 is outside of minimum and maximum."),
    Wrong(
        "a choice against the pattern",
        limits("string", "enum: [a, '1'], pattern: '^[a-z]$'"),
        4,
        "does not match the pattern beside it",
    ),
    Wrong("the minimum of a text", limits("string", "minimum: 3"), 4, "Limit the length of a text by a pattern"),
    Wrong("the maximum of a list", limits("list", "maximum: 3"), 4, "A value of type list has no maximum."),
    Wrong("the pattern of a number", limits("number", "pattern: '^1'"), 4, "A value of type number has no pattern."),
    Wrong("the enum of a boolean", limits("boolean", "enum: [true]"), 4, "A value of type boolean has no enum."),
    Wrong("the unit of a text", spec("unit: mm\n      type: string"), 4, "A spec of type string has no unit."),
    Wrong(
        "the source key of a text",
        spec("sourceKey: mass\n      type: string"),
        4,
        "A spec of type string has no sourceKey.",
    ),
    Wrong(
        "an open parenthesis", limits("string", "pattern: '^('"), 4, "A parenthesis is opened here and never closed."
    ),
    Wrong("nothing to repeat", limits("string", "pattern: '*'"), 4, "There is nothing here that * could repeat."),
    Wrong(
        "repeats that multiply", limits("string", "pattern: '((a{100}){100}){100}'"), 4, "Counted repeats multiply to"
    ),
    Wrong("an escape that means nothing", limits("string", r"pattern: '\Z'"), 4, "The escape \\Z means nothing here."),
    Wrong(
        "a pattern of great length",
        limits("string", f"pattern: '{'a' * 600}'"),
        4,
        "The text has 600 characters; at most 512",
    ),
    Wrong(
        "too many choices",
        limits("string", f"enum: [{', '.join(f'c{n}' for n in range(501))}]"),
        4,
        "There are 501 entries; at most 500",
    ),
    Wrong(
        "too many specs",
        category(f"specs: [{', '.join(f'{{name: s{n}, type: string}}' for n in range(201))}]"),
        5,
        "There are 201 entries; at most 200",
    ),
    Wrong("too many specs from groups", WIDE_GROUP, 607, "The category would have 600 specs."),
]

COMPOSITES = [
    Wrong("paired with one part", parts("value: {type: integer}"), 5, "There are 1 entries."),
    Wrong(
        "paired with many parts", parts(", ".join(f"p{n}: {{type: integer}}" for n in range(9))), 5, "at most 8 entries"
    ),
    Wrong("paired without parts", spec("type: paired"), 3, "'components' is missing"),
    Wrong(
        "a part with a strange key",
        parts("a-b: {type: integer}, c: {type: string}"),
        5,
        "does not have the form that is wanted",
    ),
    Wrong(
        "a display of an unknown part",
        parts("a: {type: integer}, b: {type: string}", display="{a}{c}"),
        6,
        "{c} in the display is no part.",
    ),
    Wrong(
        "a display that forgets a part",
        parts("a: {type: integer}, b: {type: string}", display="{a}"),
        6,
        "The display does not show {b}.",
    ),
    Wrong(
        "a display with a part twice",
        parts("a: {type: integer}, b: {type: string}", display="{a} {b} {a}"),
        6,
        "The display shows {a} twice.",
    ),
    Wrong(
        "a display with a brace",
        parts("a: {type: integer}, b: {type: string}", display="{a} {b} }"),
        6,
        "A brace in the display belongs to no part.",
    ),
    Wrong(
        "numbers that run together",
        parts("a: {type: integer}, b: {type: number}", display="{a}{b}"),
        6,
        "Nothing tells where {a} ends and {b} begins.",
    ),
    Wrong(
        "texts that run together",
        parts("a: {type: string}, b: {type: string}", display="{a}{b}"),
        6,
        "a sign between {a} and {b}",
    ),
    Wrong(
        "paired with conditions",
        conditional("color == 'red'").replace("conditional", "paired"),
        4,
        "A paired spec has no conditions.",
    ),
    Wrong(
        "conditional without conditions",
        parts("a: {type: integer}, b: {type: string}", "conditional"),
        5,
        "No part of this conditional spec has conditions.",
    ),
    Wrong(
        "a condition that limits nothing",
        conditional("color == 'red'", "description: x"),
        10,
        "The condition limits nothing.",
    ),
    Wrong("a condition without when", conditional("x").replace('when: "x", ', ""), 10, "'when' is missing"),
    Wrong("a condition that never holds", conditional("color == 'green'"), 10, "The condition can never hold."),
    Wrong(
        "a condition that contradicts itself",
        conditional("color == 'red' and color == 'blue'"),
        10,
        "The condition can never hold.",
    ),
    Wrong("a condition on no part", conditional("colour == 'red'"), 10, "Did you mean 'color'?"),
    Wrong("a condition on its own part", conditional("number == 3"), 10, "is the part that the condition limits"),
    Wrong(
        "a condition on another type",
        conditional("color > 3"),
        10,
        "cannot be compared like this: it is of type string",
    ),
    Wrong(
        "a condition without quotes",
        conditional("color == red"),
        10,
        "a value: a text in quotes, a number, true or false",
    ),
    Wrong("a condition with one sign", conditional("color = 'red'"), 10, "at character 7 means nothing"),
    Wrong("a condition that ends early", conditional("color == 'red' and"), 10, "the end stands at character 19"),
    Wrong("a condition with an open bracket", conditional("(color == 'red'"), 10, "where `)` is expected"),
    Wrong("a condition as code", conditional("__import__('os').system('x')"), 10, "The condition cannot be read"),
    Wrong(
        "a condition nested deeply",
        conditional("(" * 40 + "color == 'red'" + ")" * 40),
        10,
        "nested deeper than 32 levels",
    ),
    Wrong(
        "a condition of great length", conditional(" or ".join(["color == 'red'"] * 40)), 10, "at most 500 are allowed"
    ),
    Wrong(
        "a condition beyond its part",
        conditional("color == 'red'", "minimum: 51"),
        10,
        "'number' itself allows nothing there",
    ),
    Wrong(
        "a condition with a choice beyond its part",
        conditional("color == 'red'", "enum: [51]"),
        10,
        "51 is outside of minimum and maximum of 'number'.",
    ),
    Wrong(
        "the pattern of a condition", conditional("color == 'red'", "pattern: x"), 10, "'pattern' means nothing here"
    ),
]

SETS = [
    Wrong("a set without a name", a_set("description: x"), 1, "'name' is missing", is_set=True),
    Wrong("a set without an owner", a_set("name: parts"), 2, "does not have the form that is wanted", is_set=True),
    Wrong("a set in capitals", a_set("name: Acme/Parts"), 2, "does not have the form that is wanted", is_set=True),
    Wrong("a set with a short version", a_set(version="1.1"), 3, "does not have the form that is wanted", is_set=True),
    Wrong(
        "a set without a changelog",
        "schema_type: category_set\nname: a/b\nversion: 1.0.0",
        1,
        "'changelog' is missing",
        is_set=True,
    ),
    Wrong(
        "a changelog of another version",
        a_set().replace("  - version: 1.1.0", "  - version: 1.0.0"),
        1,
        "The changelog begins with 1.0.0",
        is_set=True,
    ),
    Wrong("a changelog without changes", a_set().replace("[first]", "[]"), 6, "There are 0 entries.", is_set=True),
    Wrong(
        "a changelog with a word",
        a_set(more="  - {version: first, changes: [a]}"),
        7,
        "does not have the form that is wanted",
        is_set=True,
    ),
    Wrong(
        "a changelog in disorder",
        a_set(more="  - {version: 1.2.0, changes: [a]}"),
        1,
        "The changelog tells 1.2.0 after 1.1.0.",
        is_set=True,
    ),
    Wrong(
        "a set that uses a set",
        a_set(more="uses: [duro/software-categories@v1]"),
        7,
        "'uses' means nothing here",
        is_set=True,
    ),
    Wrong("a registry as a set", "schema_type: category_registry\nname: a/b", 1, "'category_set'", is_set=True),
    Wrong(
        "a set with a lost reference",
        a_set(more="commonSpecs: {g: [{$ref: '#/commonSpecs/h'}]}"),
        7,
        "There is nothing named 'h'",
        is_set=True,
    ),
    Wrong(
        "a set with two kinds of one spec",
        TWO_KINDS,
        9,
        "of type number with the sourceKey mass in Y, but of type number in g",
        is_set=True,
    ),
]

TEXTS = [
    Wrong("a control character", "uses: []\ndescription: a\x07b", 2, "the character U+0007", YamlRefused),
    Wrong(
        "an escaped control character",
        'uses: []\ndescription: "a\\u0007b"',
        2,
        "an escaped control character",
        YamlRefused,
    ),
    Wrong("not UTF-8", b"description: caf\xe9", 1, "the byte 0xE9 is not UTF-8", YamlRefused),
    Wrong("a huge text", "description: " + "x" * 300_000, 1, "at most 262144 are read", YamlRefused),
    Wrong("a long description", "description: " + "x" * 2_000, 1, "The text has 2000 characters; at most 500"),
    Wrong("a bomb of aliases", BOMB, 4, "the aliases repeat more than", YamlRefused),
    Wrong("an alias of nothing", "uses: *sets", 1, "the alias *sets has no finished value before it", YamlRefused),
    Wrong(
        "deep nesting", "commonSpecs: " + "{a: " * 5_000 + "}" * 5_000, 1, "nested deeper than 32 levels", YamlRefused
    ),
    Wrong("a tab", "commonSpecs:\n\tgroup: []", 2, "a tab cannot indent YAML", YamlRefused),
    Wrong("an open bracket", "uses: [a\ncategories: []", 2, "registry.yaml:2", YamlRefused),
    Wrong("two documents", "uses: []\n---\nuses: []", 2, "a second document begins here", YamlRefused),
    Wrong("a tag", "uses: !!python/object:os.system []", 1, "is not known here", YamlRefused),
    Wrong("very many values", "excludes: [" + "a," * 30_000 + "]", 1, "the file holds more than", YamlRefused),
    Wrong("a number without end", "version: " + "1" * 5_000, 1, "a number has at most 100 digits", YamlRefused),
]

MANY = [
    Wrong(
        "many unknown categories",
        chain(800, lambda n: f"  - extends: Bering{n}\n", USES + "categories:\n"),
        3,
        "There is no category 'Bering0' to extend.",
    ),
    Wrong(
        "many unknown keys", chain(800, lambda n: f"  - {{codde{n}: 1}}\n", "categories:\n"), 2, "Did you mean 'code'?"
    ),
    Wrong("many conditions that never hold", NEVER_HOLDING, 10, "The condition can never hold."),
    Wrong("specs without end", WITHOUT_END, 704, "more than 100000 specs in all its categories"),
]

ALL = [*KINDS, *WORDS, *REFERENCES, *TWINS, *LIMITS, *COMPOSITES, *SETS, *TEXTS, *MANY]


def resolved(wrong: Wrong) -> Registry:
    document = load_yaml(wrong.text, "registry.yaml")
    return resolve(set_package(document) if wrong.is_set else registry_package(document), Shelf())


@pytest.fixture(scope="module", autouse=True)
def _read_sets() -> None:
    """The shipped sets are read once in the life of a server."""
    for name in Shelf().names():
        for version in Shelf().versions(name):
            Shelf().package(name, version)


@pytest.mark.parametrize("wrong", ALL, ids=[each.name for each in ALL])
def test_it_is_refused_at_its_line_in_words_and_quickly(wrong: Wrong) -> None:
    for _ in range(5):  # until one is quick
        started = time.process_time()
        with pytest.raises(InvalidInput) as refused:
            resolved(wrong)
        seconds = time.process_time() - started
        if seconds <= SECONDS_MAX:
            break
    first = refused.value
    assert type(first) is wrong.refusal
    place = re.match(r"registry\.yaml:(\d+):(\d+): ", first.message)
    assert place is not None, first.message
    words = " | ".join(filter(None, (first.message, first.expected, first.hint)))
    assert wrong.told in words
    assert int(place[1]) == wrong.line, words
    assert seconds <= SECONDS_MAX


def test_every_wrong_document_is_another() -> None:
    assert len(ALL) >= 60
    assert len({each.name for each in ALL}) == len({each.text for each in ALL}) == len(ALL)


def test_a_pattern_that_would_backtrack_for_ever_runs_in_linear_time_and_is_taken() -> None:
    text = limits("string", "pattern: '^(a+)+$', enum: [aaaa]")
    assert resolve(registry_package(load_yaml(text)), Shelf()).categories == ()


def test_references_to_groups_of_groups_do_not_multiply() -> None:
    first = "commonSpecs:\n  l0: [{name: A, type: string}, {name: B, type: string}]\n"
    text = chain(9, lambda n: f"  l{n + 1}:\n" + f"    - $ref: '#/commonSpecs/l{n}/*'\n" * 9, first)
    registry = resolve(registry_package(load_yaml(text + category('specs: [{$ref: "#/commonSpecs/l9/*"}]'))), Shelf())
    assert [rule.name for rule in registry.categories[0].specs] == ["A", "B"]


def test_all_faults_of_a_file_come_together() -> None:
    with pytest.raises(InvalidRegistry) as refused:
        resolve(registry_package(load_yaml(category("shortname: X\n    unit: EACH\n    specs: 3"), "r.yaml")), Shelf())
    assert [each.message.split(": ")[0] for each in (refused.value, *refused.value.also)] == [
        "r.yaml:7:12",
        "r.yaml:5:5",
        "r.yaml:6:5",
    ]
