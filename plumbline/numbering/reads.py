"""Questions about numbering: the schemes in force, and the next number before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from plumbline.access.permissions import Permission, read
from plumbline.catalog.model import Category
from plumbline.definitions.reads import definition_in_force
from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering import store
from plumbline.numbering.errors import SchemeMissing
from plumbline.numbering.model import Choice, ChoiceLists, Scheme
from plumbline.numbering.number import next_number, plan_number
from plumbline.numbering.revision_scheme import RevisionScheme, revision_scheme_from
from plumbline.numbering.scheme import scheme_from
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import Scope

NUMBER_SCHEME = "id_generation_scheme"
REVISION_SCHEME = "revision_scheme_config"


@read(needs=Permission.LIBRARY_READ)
def number_scheme(scope: Scope) -> Scheme:
    """The part number scheme in force."""
    return _NUMBER_SCHEMES.get(scope, lambda: _parsed_number_scheme(_text_in_force(scope, NUMBER_SCHEME)))


@read(needs=Permission.LIBRARY_READ)
def revision_scheme(scope: Scope) -> RevisionScheme:
    """The revision scheme in force."""
    return _REVISION_SCHEMES.get(scope, lambda: _parsed_revision_scheme(_text_in_force(scope, REVISION_SCHEME)))


_NUMBER_SCHEMES = KeptByConfiguration[Scheme]()
_REVISION_SCHEMES = KeptByConfiguration[RevisionScheme]()


@read(needs=Permission.LIBRARY_READ)
def next_number_of(scope: Scope, category: Category) -> str:
    """The number that the next component of the category would get; nothing is taken."""
    plan = plan_number(number_scheme(scope), choices_of((category,), category))
    issued = next_number(
        plan,
        lambda counter: store.last_value(scope.connection, scope.library_id, counter.key),
        lambda text: bool(store.taken_numbers(scope.connection, scope.library_id, [text])),
    )
    return issued.text


def choices_of(categories: Sequence[Category], own: Category) -> ChoiceLists:
    """What the templates of a scheme stand for. A family is what a category's short name says."""
    return ChoiceLists(
        categories=tuple(Choice(each.code, each.name) for each in categories),
        families=tuple(Choice(each.short_name or each.code, each.name) for each in categories),
        category=own.code,
        family=own.short_name or own.code,
    )


def choices_by_category(categories: Sequence[Category]) -> dict[str, ChoiceLists]:
    """The same for every category by its id; the long lists are made once."""
    if not categories:
        return {}
    shared = choices_of(categories, categories[0])
    return {each.id: replace(shared, category=each.code, family=each.short_name or each.code) for each in categories}


def _text_in_force(scope: Scope, schema_type: str) -> str:
    found = definition_in_force(scope, schema_type)
    if found is None:
        raise SchemeMissing(f"The library has no {schema_type}.", hint="Install a preset, or apply a configuration.")
    return found.text


@lru_cache(maxsize=64)
def _parsed_number_scheme(text: str) -> Scheme:
    return scheme_from(load_yaml(text))


@lru_cache(maxsize=64)
def _parsed_revision_scheme(text: str) -> RevisionScheme:
    return revision_scheme_from(load_yaml(text))
