"""From files to documents that fit together: each read by the room that owns its kind, every fault of every file told at once (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TypeVar

from plumbline.catalog.registry.kinds import mixed_kinds
from plumbline.catalog.registry.package import Package
from plumbline.catalog.registry.reading import registry_package, set_package
from plumbline.catalog.registry.resolution import Registry, resolve, status_mentions
from plumbline.catalog.registry.shelf import Shelf
from plumbline.change_orders.template import Template
from plumbline.change_orders.template_reading import template_from
from plumbline.configuration.errors import InvalidConfiguration
from plumbline.configuration.examples_cases import Case
from plumbline.configuration.examples_language import ConfigurationTestsModel
from plumbline.configuration.examples_lookup import Setting
from plumbline.configuration.examples_reading import cases_of, structure_of
from plumbline.configuration.kinds import (
    CATEGORY_SET,
    EXPORT,
    KINDS,
    NUMBERING,
    REGISTRY,
    REVISIONS,
    TEMPLATE,
    TESTS,
    VALIDATION_CODE,
    VALIDATIONS,
    DocumentName,
    is_safe_name,
    path_of,
)
from plumbline.configuration.model import File
from plumbline.exchange.exporting.template import ExportTemplate
from plumbline.exchange.exporting.template import template_from as export_template_from
from plumbline.kit.document_faults import Faults, listed, nearest_hint
from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import YamlDocument, load_yaml
from plumbline.numbering.model import Scheme
from plumbline.numbering.revision_scheme import RevisionScheme, revision_scheme_from
from plumbline.numbering.scheme import scheme_from
from plumbline.validations.model import RuleDefinition
from plumbline.validations.rules_reading import rule_notices, rules_of

PAGE = "docs/reference/configuration/README.md"
FILES_MAX = 1_000
FILE_BYTES_MAX = 256 * 1024
TOTAL_BYTES_MAX = 8 * 1024 * 1024
PATH_LENGTH_MAX = 300
FAULTS_MAX = 200
"""Over all files; the faults of one file have a bound of their own."""

FILES_KEPT = 40
LARGE_FILES_KEPT = 2
"""The file as it is and as it will be, which one request reads several times."""
KEPT_LENGTH_MAX = 32 * 1024
"""Characters; the shipped registries and templates are smaller."""

Texts = Mapping[DocumentName, File]
Document = TypeVar("Document")


@dataclass(frozen=True)
class Documents:
    """A whole configuration, read and checked. What has no file is None or empty."""

    texts: Texts
    registry: Registry | None = None
    numbering: Scheme | None = None
    revisions: RevisionScheme | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    rules: tuple[RuleDefinition, ...] = ()
    exports: Mapping[str, ExportTemplate] = field(default_factory=dict)
    tests: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def named(files: Iterable[File]) -> dict[DocumentName, File]:
    """Which document each file is. Raises InvalidConfiguration with every file that is none, or is one that another file is, too."""
    faults: list[Refusal] = []
    found: dict[DocumentName, File] = {}
    for file in _bounded(files):
        try:
            name = document_name(file)
        except Refusal as refusal:
            faults += [refusal, *refusal.also]
            continue
        if name in found:
            message = f"{file.path} and {found[name].path} are both the {name}."
            faults.append(InvalidConfiguration(message, path=(file.path,), hint="Remove one of them."))
        found[name] = file
    _raise_all(faults)
    return found


def document_name(file: File) -> DocumentName:
    """The kind by what the file says it is, else by where it lies or by what stands in it; the name by the file's own."""
    if file.path.endswith(".js"):
        return DocumentName(VALIDATION_CODE.schema_type, file.path)
    document = parsed(file)
    kind = _kind_of(file, document)
    if kind == CATEGORY_SET.schema_type:
        package = read_set(file)
        return DocumentName(kind, f"{package.name}@{package.version}")
    if not KINDS[kind].has_names:
        return DocumentName(kind)
    name = file.path.rpartition("/")[2].rpartition(".")[0]
    if kind == EXPORT.schema_type:
        name = _name_inside(document) or name
    if not is_safe_name(name):
        expected = "letters, digits, blanks and ( ) . + & , ' -, at most 100 characters"
        raise InvalidConfiguration(f"{file.path} has no usable name.", path=(file.path,), expected=expected)
    return DocumentName(kind, name)


def read_documents(texts: Texts) -> Documents:
    """Every document of a configuration, and what holds between them. Raises the first fault with all others in `also`."""
    reader = _Reader(texts)
    sets = [reader.read(name, read_set) for name in reader.of(CATEGORY_SET.schema_type)]
    revisions = reader.one(REVISIONS.schema_type, read_revisions)
    package = reader.one(REGISTRY.schema_type, read_registry)
    registry = None
    if package is not None:
        shelf = Shelf([each for each in sets if each is not None])
        registry = reader.attempt(lambda: resolve(package, shelf))
        if revisions is not None:
            reader.attempt(lambda: _check_statuses(package, revisions))
    numbering = reader.one(NUMBERING.schema_type, read_numbering)
    templates = {
        name.name: template
        for name in reader.of(TEMPLATE.schema_type)
        if (template := reader.read(name, read_template)) is not None
    }
    exports = {
        name.name: found
        for name in reader.of(EXPORT.schema_type)
        if (found := reader.read(name, read_export)) is not None
    }
    rules = reader.one(VALIDATIONS.schema_type, lambda file: rules_of(file.text, file.path, reader.code_of)) or ()
    tests = _tests(reader, Setting(registry, numbering, revisions, templates))
    _raise_all(reader.faults)
    notices = (*_notices(texts, registry, revisions, rules), *_export_notices(registry, exports))
    return Documents(texts, registry, numbering, revisions, templates, rules, exports, tests, notices)


def _tests(reader: _Reader, setting: Setting) -> dict[str, tuple[Case, ...]]:
    """What tests name is looked up once there is no fault in the documents where it would have to be."""
    is_sound = not reader.faults
    found: dict[str, tuple[Case, ...]] = {}
    for name in reader.of(TESTS.schema_type):
        tests = reader.read(name, read_tests) if len(reader.faults) < FAULTS_MAX else None
        if tests is not None and is_sound:
            found[name.name] = reader.read(name, partial(_cases, setting)) or ()
    return found


def _cases(setting: Setting, file: File) -> tuple[Case, ...]:
    return cases_of(parsed(file), read_tests(file), setting)


class _Reader:
    """Reads documents one after the other and keeps the faults."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.faults: list[Refusal] = []

    def of(self, kind: str) -> list[DocumentName]:
        return [name for name in self._texts if name.kind == kind]

    def one(self, kind: str, read: Callable[[File], Document]) -> Document | None:
        name = DocumentName(kind)
        return self.read(name, read) if name in self._texts else None

    def read(self, name: DocumentName, read: Callable[[File], Document]) -> Document | None:
        return self.attempt(lambda: read(self._texts[name]))

    def attempt(self, read: Callable[[], Document]) -> Document | None:
        try:
            return read()
        except Refusal as refusal:
            self.faults += [refusal, *refusal.also]
            return None

    def code_of(self, path: str) -> str | None:
        file = self._texts.get(DocumentName(VALIDATION_CODE.schema_type, path))
        return None if file is None else file.text


# What is read from a text is kept: a library's documents are read again for every plan, and presets for every new library.


def kept(read: Callable[[File], Document]) -> Callable[[File], Document]:
    """Keeps what was read from the files used last; of large ones few: reading one again is cheaper than holding forty."""
    remembered = lru_cache(maxsize=FILES_KEPT)(read)
    remembered_large = lru_cache(maxsize=LARGE_FILES_KEPT)(read)
    return lambda file: remembered(file) if len(file.text) <= KEPT_LENGTH_MAX else remembered_large(file)


@kept
def parsed(file: File) -> YamlDocument:
    return load_yaml(file.text, file.path)


@kept
def read_registry(file: File) -> Package:
    return registry_package(parsed(file))


@kept
def read_set(file: File) -> Package:
    return set_package(parsed(file))


@kept
def read_numbering(file: File) -> Scheme:
    return scheme_from(parsed(file))


@kept
def read_revisions(file: File) -> RevisionScheme:
    return revision_scheme_from(parsed(file))


@kept
def read_template(file: File) -> Template:
    return template_from(parsed(file))


@kept
def read_export(file: File) -> ExportTemplate:
    return export_template_from(parsed(file))


@kept
def read_tests(file: File) -> ConfigurationTestsModel:
    return structure_of(parsed(file))


def _bounded(files: Iterable[File]) -> list[File]:
    found = list(files)
    if len(found) > FILES_MAX:
        raise InvalidConfiguration(f"There are {len(found)} files.", expected=f"at most {FILES_MAX}")
    faults: list[Refusal] = []
    for file in found:
        if problem := _problem_of_path(file.path):
            faults.append(InvalidConfiguration(f"{file.path[:80]!r} {problem}.", path=(file.path[:80],)))
        if len(file.text.encode("utf-8", "surrogatepass")) > FILE_BYTES_MAX:
            message = f"{file.path[:80]} has more than {FILE_BYTES_MAX} bytes."
            faults.append(InvalidConfiguration(message, path=(file.path[:80],), hint="Split it into sets."))
    if sum(len(file.text) for file in found) > TOTAL_BYTES_MAX:
        faults.append(InvalidConfiguration(f"The files have more than {TOTAL_BYTES_MAX} characters together."))
    _raise_all(faults)
    return found


def _problem_of_path(path: str) -> str | None:
    if not 1 <= len(path) <= PATH_LENGTH_MAX:
        return f"is no path of 1 to {PATH_LENGTH_MAX} characters"
    if not path.isprintable() or "\\" in path:
        return "is no path with forward slashes"
    if path.startswith("/") or any(part in ("", ".", "..") for part in path.split("/")):
        return "does not stay inside its folder"
    if not path.endswith((".yaml", ".yml", ".js")):
        return "is neither YAML nor JavaScript"
    return None


_KINDS_OF_YAML = [kind for kind in KINDS if kind != VALIDATION_CODE.schema_type]
_KEYS_OF_REGISTRY = {"uses", "excludes", "commonSpecs", "categories", "categoryTypeSpecs"}


def _kind_of(file: File, document: YamlDocument) -> str:
    top = document.value if isinstance(document.value, Mapping) else {}
    told = top.get("schema_type")
    if told is None:
        kind = _kind_without_word(file.path, top)
        message, hint = "The file does not say what it is.", None
    else:
        kind = told if isinstance(told, str) and told in _KINDS_OF_YAML else None
        message, hint = f"{str(told)[:60]!r} is no kind of document.", nearest_hint(str(told), _KINDS_OF_YAML)
    if kind is None:
        faults = Faults(InvalidConfiguration, document, page=PAGE)
        expected = f"schema_type at the top, one of {listed(_KINDS_OF_YAML)}"
        faults.add(() if told is None else ("schema_type",), message, expected=expected, hint=hint)
        raise faults.found[0]
    return kind


def _kind_without_word(path: str, top: Mapping[str, object]) -> str | None:
    """By where the file lies, or by what stands in it."""
    for kind in KINDS.values():
        if kind.file and (path == kind.file or (kind.has_names and path.startswith(f"{kind.file}/"))):
            return kind.schema_type
    if not _KEYS_OF_REGISTRY.isdisjoint(top):
        return REGISTRY.schema_type
    return VALIDATIONS.schema_type if "validations" in top and "stages" not in top else None


def _name_inside(document: YamlDocument) -> str | None:
    """An export template is asked for by the name that it gives itself, wherever its file lies."""
    name = document.value.get("name") if isinstance(document.value, Mapping) else None
    return name if isinstance(name, str) else None


def _check_statuses(package: Package, revisions: RevisionScheme) -> None:
    """A registry speaks of the statuses that the revision scheme puts in order."""
    known = list(revisions.status_order)
    lower = {each.lower() for each in known}
    faults = Faults(InvalidConfiguration, package.document, page=PAGE)
    for status, path in status_mentions(package):
        if status.lower() not in lower:
            message = f"There is no status {status!r} in the revision scheme."
            faults.add(path, message, expected=f"one of {listed(known)}", hint=nearest_hint(status, known))
    faults.raise_if_any()


def _notices(
    texts: Texts, registry: Registry | None, revisions: RevisionScheme | None, rules: Sequence[RuleDefinition]
) -> Iterable[str]:
    if registry is not None:
        yield from mixed_kinds((each.name, rule) for each in registry.categories for rule in each.specs)
    if registry is not None and revisions is not None:
        known = {each.lower() for each in revisions.status_order} | {"*"}
        unknown = {
            rule.required_from
            for category in registry.categories
            for rule in category.specs
            if rule.required_from and rule.required_from.lower() not in known
        }
        for status in sorted(unknown):
            yield f"A category set requires specs from the status {status!r} on, which the revision scheme does not have."
    yield from rule_notices(rules)
    used = {rule.path for rule in rules}
    for name in texts:
        if name.kind == VALIDATION_CODE.schema_type and name.name not in used:
            yield f"{name.name} belongs to no validation rule."


def _export_notices(registry: Registry | None, exports: Mapping[str, ExportTemplate]) -> Iterator[str]:
    """Attributes may be added to the catalog by hand, so that one that is in no registry is told and not refused."""
    if registry is None:
        return
    known = {rule.name.lower() for category in registry.categories for rule in category.specs}
    for name, template in sorted(exports.items()):
        for attribute in sorted(template.needed_attributes):
            if attribute.lower() not in known:
                yield f"The export template {name!r} shows the attribute {attribute!r}, which no category of the registry has."


def _raise_all(faults: list[Refusal]) -> None:
    if faults:
        first, *others = faults[:FAULTS_MAX]
        first.also = tuple(others)
        raise first


def texts_of(definitions: Mapping[tuple[str, str], str]) -> dict[DocumentName, File]:
    """Documents as they are stored, as the files that `pull` writes."""
    names = [DocumentName(kind, name) for kind, name in definitions]
    return {name: File(path_of(name), definitions[name]) for name in names}
