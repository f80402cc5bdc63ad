"""What may stand in a registry, and in a category set: the typed model of the files, from which their JSON Schemas are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Tag, WithJsonSchema, model_validator
from typing_extensions import TypeAliasType

from plumbline.kit.document_model import CamelModel, Number, Text, fault, forms, tag
from plumbline.kit.yaml_source import WrittenFloat, WrittenInteger

REGISTRY = "category_registry"
CATEGORY_SET = "category_set"
PAGE = "docs/reference/configuration/categories.md"

CATEGORIES_MAX = 2_000
SPECS_MAX = 200
"""Specs in one list."""
CHOICES_MAX = 500
PARTS_MAX = 8
CONDITIONS_MAX = 100
USES_MAX = 50


def _tidy(value: str) -> str:
    """A name that looks like another must be that other; nobody sees a blank at its end."""
    if value != value.strip():
        raise fault(f"{value[:60]!r} begins or ends with a blank.", expected=repr(value.strip()[:60]))
    if len(value.splitlines()) > 1 or "\t" in value:
        raise fault(f"{value[:60]!r} holds a tab or a line break.", expected="a name in one line")
    return value


Name = Annotated[Text, Field(min_length=1, max_length=100), AfterValidator(_tidy)]
Description = Annotated[Text, Field(max_length=500)]
PatternText = Annotated[Text, Field(min_length=1, max_length=512)]
CategoryTypeName = Literal["MECHANICAL", "ELECTRICAL", "ASSEMBLY", "DOCUMENT", "SOFTWARE"]
ScalarTypeName = Literal["string", "integer", "number", "boolean", "date", "url", "email", "phone", "list"]
PartTypeName = Literal["string", "integer", "number", "boolean"]


def _required(value: object) -> object:
    """`true` means from the first status on, as `"*"` does; `false` means never."""
    if isinstance(value, bool):
        return "*" if value else ""
    if isinstance(value, str) and value:
        return value
    raise fault("'required' does not say when.", expected='true, false, "*" or the name of a status')


def _choice(value: object) -> object:
    """A choice is kept as the text that a person reads; numbers as they were written."""
    if isinstance(value, WrittenInteger | WrittenFloat):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


Required = Annotated[
    str,
    BeforeValidator(_required),
    Field(
        max_length=100, description='true, false, "*" or the name of the status from which on the value must be there'
    ),
    WithJsonSchema({"type": ["boolean", "string"]}),
]
Severity = Literal["Error", "Warning"]
Choice = Annotated[
    str,
    BeforeValidator(_choice),
    Field(min_length=1, max_length=200),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Choices = Annotated[tuple[Choice, ...], Field(min_length=1, max_length=CHOICES_MAX)]


class Limits(CamelModel):
    """What a value must be."""

    enum: Choices | None = Field(default=None, description="the values that are allowed")
    minimum: Number | None = Field(default=None, description="the smallest number that is allowed")
    maximum: Number | None = Field(default=None, description="the greatest number that is allowed")
    description: Description | None = Field(default=None, description="what is told to somebody whose value is refused")


class ConditionModel(Limits):
    """Limits that hold while a condition on the other parts does."""

    when: Annotated[Text, Field(min_length=1, description="a comparison of other parts, such as color == 'red'")]

    @model_validator(mode="after")
    def _limits_something(self) -> ConditionModel:
        if self.enum is None and self.minimum is None and self.maximum is None:
            raise fault("The condition limits nothing.", expected="minimum, maximum or enum beside when")
        return self


class Validation(Limits):
    pattern: PatternText | None = Field(
        default=None, description="a regular expression (JavaScript's syntax) that is found in the text"
    )


class PartValidation(Validation):
    conditions: Annotated[tuple[ConditionModel, ...], Field(max_length=CONDITIONS_MAX)] = ()


class PartModel(CamelModel):
    """One part of a value that has several."""

    name: Name | None = None
    type: PartTypeName
    description: Description | None = None
    validation: PartValidation = PartValidation()


class Demands(CamelModel):
    """When a value must be there, and how much it matters."""

    required: Required | None = None
    severity: Severity | None = Field(default=None, description="Error (usual) or Warning")


class Described(Demands):
    name: Name = Field(description="the name of the spec, as people read it")
    description: Description | None = None
    formerly: Name | None = Field(default=None, description="the name that the spec had before; its values are kept")


class ScalarSpec(Described):
    type: ScalarTypeName
    unit: Annotated[Text, Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="the unit of a number, such as mm or kΩ; what is typed without a unit is meant in it"
    )
    source_key: Annotated[Text, Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="marks a spec that the product computes with: mass, cost"
    )
    validation: Validation = Validation()


PartKey = Annotated[Text, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=50)]


class CompositeSpec(Described):
    """Paired: a value and its unit, say. Conditional: what one part may be depends on another."""

    type: Literal["paired", "conditional"]
    components: Annotated[
        dict[PartKey, PartModel], Field(min_length=2, max_length=PARTS_MAX, description="the parts, by key")
    ]
    display: Annotated[Text, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description='how the parts are joined, such as "{value}{unit}"'
    )


class ReferenceModel(Demands):
    """A spec, or with /* a group of specs, that is described elsewhere."""

    ref: Annotated[Text, Field(min_length=1)] = Field(alias="$ref", description="#/commonSpecs/… or owner/set/specs/…")


_FORMS = {
    **dict.fromkeys(ScalarTypeName.__args__, tag("string")),  # type: ignore[attr-defined]  # a Literal has its words there
    **dict.fromkeys(("paired", "conditional"), tag("paired")),
}


def _form_of_spec(value: object) -> str | None:
    if isinstance(value, Mapping) and "$ref" in value:
        return tag("$ref")
    return _FORMS.get(str(value.get("type"))) if isinstance(value, Mapping) else None


_spec_forms = forms(_form_of_spec, list(_FORMS))
SpecOrReference = Annotated[
    Annotated[ScalarSpec, Tag(tag("string"))]
    | Annotated[CompositeSpec, Tag(tag("paired"))]
    | Annotated[ReferenceModel, Tag(tag("$ref"))],
    _spec_forms,
]
SpecList = Annotated[tuple[SpecOrReference, ...], Field(max_length=SPECS_MAX)]


def _form_of_group(value: object) -> str:
    """A mapping of mappings is a group of groups; one with plain values in it is a spec."""
    if not isinstance(value, Mapping):
        return tag("list")
    is_group = all(isinstance(each, Mapping | list) for each in value.values())
    return tag("group") if is_group else tag("spec")


if TYPE_CHECKING:
    SpecGroup = Any  # mypy does not follow a type that contains itself through its own name
else:
    SpecGroup = TypeAliasType(
        "SpecGroup",
        Annotated[
            Annotated[SpecOrReference, Tag(tag("spec"))]
            | Annotated[SpecList, Tag(tag("list"))]
            | Annotated[dict[Name, "SpecGroup"], Tag(tag("group"))],
            forms(_form_of_group, []),
        ],
    )


class CategoryModel(CamelModel):
    extends: Annotated[Text, Field(min_length=1)] | None = Field(
        default=None, description="a category to begin from: owner/set/category, or the name of one in this file"
    )
    code: Annotated[Text, Field(min_length=1, max_length=20), AfterValidator(_tidy)] | None = Field(
        default=None, description="its part of a part number"
    )
    type: CategoryTypeName | None = None
    name: Name | None = None
    short_name: Annotated[Text, Field(min_length=1, max_length=20), AfterValidator(_tidy)] | None = None
    unit_of_measure: Annotated[Text, Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="EACH, METER, KILOGRAM …"
    )
    description: Description | None = None
    formerly: Name | None = Field(
        default=None, description="the name that the category had before; its components are kept"
    )
    specs: SpecList = ()

    @model_validator(mode="after")
    def _is_whole(self) -> CategoryModel:
        missing = [key for key in ("code", "type", "name") if getattr(self, key) is None]
        if self.extends is None and missing:
            raise fault(
                f"The category has no {' and no '.join(missing)}.", expected="code, type and name, or extends", hint=""
            )
        return self


Categories = Annotated[tuple[CategoryModel, ...], Field(max_length=CATEGORIES_MAX)]
CommonSpecs = dict[Name, SpecGroup]
CategoryTypeSpecs = dict[CategoryTypeName, SpecList]


class _Specified(CamelModel):
    description: Description | None = None
    common_specs: CommonSpecs = Field(default={}, description="specs to refer to, in groups")
    category_type_specs: CategoryTypeSpecs = Field(default={}, description="specs of every category of a type")
    categories: Categories = ()


class RegistryModel(_Specified):
    """The categories of a library and their specs."""

    version: Text | None = Field(default=None, pattern=r"^1\.\d+$", description='"1.0"')
    schema_type: Literal["category_registry"] | None = Field(default=None, alias="schema_type")
    uses: Annotated[tuple[Text, ...], Field(max_length=USES_MAX)] = Field(
        default=(), description="category sets, with a version"
    )
    excludes: Annotated[tuple[Name, ...], Field(max_length=CATEGORIES_MAX)] = Field(
        default=(), description="names of categories of those sets that are left out"
    )


SemanticVersion = Annotated[
    Text,
    Field(
        pattern=r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$",
        description="a semantic version such as 1.0.1",
    ),
]


class ChangelogEntry(CamelModel):
    version: SemanticVersion
    changes: Annotated[
        tuple[Annotated[Text, Field(min_length=1, max_length=1000)], ...], Field(min_length=1, max_length=200)
    ]


class CategorySetModel(_Specified):
    """A package of categories and specs that registries use by name and version."""

    schema_type: Literal["category_set"] = Field(alias="schema_type")
    name: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,49}/[a-z0-9][a-z0-9-]{0,79}$", description="owner/name")]
    version: SemanticVersion
    changelog: Annotated[tuple[ChangelogEntry, ...], Field(min_length=1, max_length=200)] = Field(
        description="what each version changed, the newest first"
    )

    @model_validator(mode="after")
    def _tells_this_version(self) -> CategorySetModel:
        if self.changelog[0].version != self.version:
            raise fault(
                f"The changelog begins with {self.changelog[0].version}, not with {self.version}.",
                expected="an entry for this version first",
            )
        versions = [tuple(map(int, entry.version.split("."))) for entry in self.changelog]
        later = next((index for index in range(1, len(versions)) if versions[index] >= versions[index - 1]), None)
        if later is not None:
            told, before = self.changelog[later].version, self.changelog[later - 1].version
            raise fault(f"The changelog tells {told} after {before}.", expected="the newest version first, each once")
        return self


def specs_of_group(group: Any) -> list[tuple[str, Any]]:
    """The members of a group under their keys; of a list under their names."""
    if isinstance(group, Mapping):
        return list(group.items())
    return [(getattr(each, "name", ""), each) for each in group]
