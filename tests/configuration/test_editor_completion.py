"""What an author sees in an editor: our JSON Schemas in the language server that editors use for YAML.

Needs Node 20 and npm, which the machine of a developer has; without them the tests fail and say so, because a JSON Schema that nobody
tried in an editor is a guess. The server is installed once into .venv, from the lock file beside this one.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from plumbline.catalog.registry.language import CategorySetModel, RegistryModel
from plumbline.change_orders import template_language
from plumbline.configuration.schemes import scheme_files
from plumbline.exchange.exporting import language as export_language
from plumbline.kit.document_model import json_schema
from plumbline.numbering import revision_language, scheme_language
from plumbline.validations import rules_language

pytestmark = pytest.mark.xdist_group("language-server")

ROOT = Path(__file__).parents[2]
PACKAGE = Path(__file__).parent / "language-server"
INSTALLED = ROOT / ".venv" / "language-server"
ANSWER_SECONDS = 20
CURSOR = "▮"


@dataclass(frozen=True)
class Language:
    """A kind of document, and what is tried with it. CURSOR marks where the author types or points."""

    name: str
    schema: dict[str, object]
    good: str
    misspelled: str
    """One key is wrong; its line ends in `# here`."""
    completed: str
    offered: frozenset[str]
    pointed: str
    told: str


LANGUAGES = [
    Language(
        "change-orders",
        template_language.schema("change-orders.json"),
        good="""
version: "1.0"
description: Two pairs of eyes
schema_type: change_order_scheme
details:
  info:
    groups:
      - name: Cost
        icon: mdi-cash
        fields:
          - {name: cost, type: currency, label: Cost, validations: {min: 0}}
          - {name: why, type: enum, label: Why, default: a, options: [{label: A, value: a}, {label: B, value: b}]}
          - {name: what, type: list, label: What, multiSelect: true, options: [{label: A, value: a}]}
stages:
  open:
    - name: Review
      types: [Majority, Minimum]
      default: Majority
      minReviewers: 2
      reviewers:
        users:
          - email: ada@example.com
            isRequired: true
          - id: 0b8f5a52-6f0e-4c0e-9d43-6a1f0e2b7c11
  resolved:
  closed:
    notifyList: {users: [], emails: [board@example.com]}
""",
        misspelled="""
version: "1.0"
description: x
schema_type: change_order_scheme
details: {}
stages:
  open:
    - name: Review
      types: [Majority]
      default: Majority
      minReviewer: 2 # here
""",
        completed="""
version: "1.0"
description: x
schema_type: change_order_scheme
details: {}
stages:
  open:
    - name: Review
      ▮
""",
        offered=frozenset({"types", "default", "minReviewers", "reviewers", "notifyList"}),
        pointed="""
version: "1.0"
description: x
schema_type: change_order_scheme
details: {}
stages:
  open:
    - name: Review
      types: [Majority]
      default: Majority
      minRe▮viewers: 2
""",
        told="how many reviewers the stage needs at least",
    ),
    Language(
        "validations",
        rules_language.schema("validations.json"),
        good="""
schema_type: validations
validations:
  - name: "Mass: every part has one"
    description: A part without a mass spoils the sum.
    version: 1.0.0
    isActive: true
    onFailure: WARNING
    path: validations/mass.js
""",
        misspelled="""
validations:
  - name: Mass
    description: x
    version: 1.0.0
    isActive: true
    onFailure: error
    path: mass.js
    onfailure: error # here
""",
        completed="""
validations:
  - name: Mass
    ▮
""",
        offered=frozenset({"description", "version", "isActive", "onFailure", "path"}),
        pointed="""
validations:
  - name: Mass
    description: x
    version: 1.0.0
    isActive: true
    onFail▮ure: error
    path: mass.js
""",
        told="what a change order that breaks the rule gets",
    ),
    Language(
        "registry",
        json_schema(RegistryModel, identity="registry.json", title="Category registry"),
        good="""
version: "1.0"
schema_type: category_registry
commonSpecs:
  dimensions:
    length: {name: Length, type: number, unit: mm, required: Production}
categories:
  - code: "230"
    type: MECHANICAL
    name: Bearing
    specs:
      - $ref: "#/commonSpecs/dimensions/length"
""",
        misspelled="""
categories:
  - code: "230"
    type: MECHANICAL
    name: Bearing
    shortname: BRG # here
""",
        completed="""
categories:
  - code: "230"
    ▮
""",
        offered=frozenset({"type", "name", "shortName", "unitOfMeasure", "specs"}),
        pointed="""
categories:
  - co▮de: "230"
    type: MECHANICAL
    name: Bearing
""",
        told="its part of a part number",
    ),
    Language(
        "category-set",
        json_schema(CategorySetModel, identity="category-set.json", title="Category set"),
        good="""
schema_type: category_set
name: acme/mechanical
version: 1.0.1
changelog: [{version: 1.0.1, changes: [first]}]
categories: [{code: "230", type: MECHANICAL, name: Bearing}]
""",
        misspelled="""
schema_type: category_set
name: acme/mechanical
version: 1.0.1
changes: [] # here
changelog: [{version: 1.0.1, changes: [first]}]
""",
        completed="""
schema_type: category_set
▮
""",
        offered=frozenset({"name", "version", "changelog", "categories", "commonSpecs"}),
        pointed="""
schema_type: category_set
name: acme/mechanical
ver▮sion: 1.0.1
changelog: [{version: 1.0.1, changes: [first]}]
""",
        told="a semantic version",
    ),
    Language(
        "numbering",
        scheme_language.schema("numbering.json"),
        good="""
version: "1.0"
schema_type: id_generation_scheme
settings:
  allow_override: false
elements:
  - type: list
    name: category
    required: true
    values: "${{ duro.categories }}"
  - type: constant
    name: hyphen
    value: "-"
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format: {min_value: 1, max_value: 99999}
examples: ["100-00001"]
""",
        misspelled="""
version: "1.0"
schema_type: id_generation_scheme
settings: {allow_override: false}
elements:
  - type: numeric_counter
    name: sequence
    attachTo: [x] # here
    format: {min_value: 1, max_value: 9}
examples: ["1"]
""",
        completed="""
version: "1.0"
schema_type: id_generation_scheme
settings:
  ▮
""",
        offered=frozenset({"allow_override", "allow_freeform"}),
        pointed="""
version: "1.0"
schema_type: id_generation_scheme
settings: {allow_over▮ride: false}
""",
        told="by hand",
    ),
    Language(
        "revisions",
        revision_language.schema("revisions.json"),
        good="""
version: "1.0"
schema_type: revision_scheme_config
status_order:
  - Design
  - {name: Production, maps_to: PRODUCTION, color: "#2E9E5B"}
schemes:
  - status: Design
    segments:
      major: {type: letter, required: true}
      minor: {type: integer, delimiter: ".", min_value: 1, max_value: 99}
    examples: [A, A.1]
  - status: Production
    segments:
      major: {type: letter}
blacklist: [I, O]
""",
        misspelled="""
version: "1.0"
schema_type: revision_scheme_config
schemes:
  - status: Design
    segment: {} # here
    segments: {major: {type: letter}}
""",
        completed="""
version: "1.0"
schema_type: revision_scheme_config
schemes:
  - status: Design
    ▮
""",
        offered=frozenset({"segments", "examples", "description"}),
        pointed="""
version: "1.0"
schema_type: revision_scheme_config
black▮list: [I]
""",
        told="that no revision has",
    ),
    Language(
        "exports",
        export_language.schema("exports.json"),
        good="""
schema_type: export_template
name: acme
kind: flat
currency: EUR
build_quantity: 2.5
include_do_not_place: true
columns:
  - {field: cpn, title: Our number, width: 20}
  - {field: attribute.Resistance, otherwise: [mpn], is_optional: true, format: text}
  - {field: do_not_place, when_true: DNP, when_false: ""}
""",
        misspelled="""
schema_type: export_template
name: acme
kind: flat
columns:
  - field: cpn
    titel: Our number  # here
""",
        completed=f"""
schema_type: export_template
name: acme
kind: flat
columns:
  - field: cpn
    {CURSOR}
""",
        offered=frozenset({"title", "otherwise", "width", "format", "when_true", "is_optional"}),
        pointed=f"""
schema_type: export_template
name: acme
ki{CURSOR}nd: flat
columns:
  - field: cpn
""",
        told="every part once, assemblies resolved",
    ),
]
"""Every kind of configuration document; a new kind is one more entry."""


# --- the server ---------------------------------------------------------------------------------------------------------------------


def installed_server() -> Path:
    """The script that node runs; installed by npm unless the lock file is the one that was installed last."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.fail(f"{tool} is not on the PATH. Install Node 20 with npm: it is part of a developer's machine.")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes run side by side
        stamp = INSTALLED / "installed-lock.json"
        wanted = (PACKAGE / "package-lock.json").read_bytes()
        if not stamp.exists() or stamp.read_bytes() != wanted:
            for file in ("package.json", "package-lock.json"):
                shutil.copyfile(PACKAGE / file, INSTALLED / file)
            done = subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                cwd=INSTALLED,
                capture_output=True,
                text=True,
                timeout=50,
                check=False,
            )
            if done.returncode:
                pytest.fail(f"npm cannot install the language server:\n{done.stderr[-2_000:]}")
            stamp.write_bytes(wanted)
    return INSTALLED / "node_modules" / "yaml-language-server" / "out" / "server" / "src" / "server.js"


@dataclass
class Editor:
    """The side of an editor in the language server protocol, as far as it is needed."""

    process: subprocess.Popen[bytes]
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    answers: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    complaints: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    def start(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities = {
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}, "hover": {}},
            "workspace": {"configuration": True},
        }
        self.ask("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": capabilities})
        self.tell("initialized", {})

    def close(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.wait(ANSWER_SECONDS)
        self.process.stdin.close()
        self.process.stdout.close()

    def open(self, name: str, text: str) -> str:
        uri = (self.folder / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def diagnostics(self, name: str, text: str) -> list[tuple[int, str]]:
        """What is wrong with the text: the line, counted from 1, and what the editor says."""
        uri = self.open(name, text)
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            told = self.complaints.get(timeout=max(0.1, until - time.monotonic()))
            if told["uri"] == uri:
                return [(each["range"]["start"]["line"] + 1, each["message"]) for each in told["diagnostics"]]

    def completions(self, name: str, text: str) -> set[str]:
        answer = self.ask("textDocument/completion", self._place(name, text))
        return {item["label"] for item in answer["items"]}

    def hover(self, name: str, text: str) -> str:
        answer = self.ask("textDocument/hover", self._place(name, text))
        return str(answer["contents"]["value"]) if answer else ""

    def _place(self, name: str, text: str) -> dict[str, Any]:
        before = text[: text.index(CURSOR)]
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return {"textDocument": {"uri": self.open(name, text.replace(CURSOR, ""))}, "position": position}

    def ask(self, method: str, params: object) -> Any:
        number = next(self.numbers)
        self._send({"id": number, "method": method, "params": params})
        answer = self.answers.get(timeout=ANSWER_SECONDS)
        assert answer["id"] == number
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, object]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass  # further headers
            message = json.loads(stream.read(length))
            if "method" not in message:
                self.answers.put(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                self.complaints.put(message["params"])
            elif "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})

    def _answer(self, message: dict[str, Any]) -> object:
        """To what the server asks of an editor: its settings. Nothing may be fetched from outside."""
        if message["method"] != "workspace/configuration":
            return None
        settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        return [settings if item.get("section") == "yaml" else None for item in message["params"]["items"]]


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("editor")
    for language in LANGUAGES:
        (folder / f"{language.name}.json").write_text(json.dumps(language.schema), encoding="utf-8")
    command = ["node", str(installed_server()), "--stdio"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    editor = Editor(process, folder)
    editor.start()
    yield editor
    editor.close()


def headed(language: Language, text: str, editor: Editor) -> str:
    """The text under the line that names its schema, as an author writes it."""
    address = (editor.folder / f"{language.name}.json").as_uri()
    return f"# yaml-language-server: $schema={address}{text}"


languages = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)


@languages
def test_a_good_document_has_no_complaints(language: Language, editor: Editor) -> None:
    assert editor.diagnostics(f"{language.name}-good.yaml", headed(language, language.good, editor)) == []


@languages
def test_a_misspelled_key_is_told_at_its_line(language: Language, editor: Editor) -> None:
    text = headed(language, language.misspelled, editor)
    [line] = [number for number, line in enumerate(text.splitlines(), start=1) if line.endswith("# here")]
    complaints = editor.diagnostics(f"{language.name}-misspelled.yaml", text)
    assert line in {number for number, _ in complaints}, complaints
    assert any("not allowed" in message for number, message in complaints if number == line), complaints


@languages
def test_keys_are_offered_where_they_can_stand(language: Language, editor: Editor) -> None:
    text = headed(language, language.completed, editor)
    assert language.offered <= editor.completions(f"{language.name}-completed.yaml", text)


@languages
def test_a_key_under_the_pointer_is_explained(language: Language, editor: Editor) -> None:
    assert language.told in editor.hover(f"{language.name}-hover.yaml", headed(language, language.pointed, editor))


# --- change order templates, more closely ---------------------------------------------------------------------------------------------

TEMPLATE = LANGUAGES[0]


def variant(old: str, new: str) -> str:
    assert TEMPLATE.good.count(old) == 1, old
    return TEMPLATE.good.replace(old, new)


SHIPPED = sorted(path for path in scheme_files() if path.endswith(".yaml"))


@pytest.mark.parametrize("path", SHIPPED)
def test_no_shipped_document_has_complaints(path: str, editor: Editor) -> None:
    """Against the schema that the server serves beside it."""
    kind = path.split("/")[0]
    schema = editor.folder / f"served-{kind}.json"
    schema.write_text(scheme_files()[f"{kind}/schema.json"], encoding="utf-8")
    lines = [line for line in scheme_files()[path].splitlines() if not line.startswith("# yaml-language-server")]
    text = "\n".join([f"# yaml-language-server: $schema={schema.as_uri()}", *lines, ""])
    assert editor.diagnostics(f"shipped-{path.replace('/', '-')}", text) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("isRequired: true", "id: 0b8f5a52-6f0e-4c0e-9d43-6a1f0e2b7c12", "only one must validate"),
        ("- email: ada@example.com\n            isRequired: true", "- isRequired: true", 'Missing property "id"'),
        ("ada@example.com", "ada", "not an e-mail address"),
        ("0b8f5a52-6f0e-4c0e-9d43-6a1f0e2b7c11", "0b8f5a52", "does not match the pattern"),
        ("mdi-cash", "cash", "does not match the pattern"),
        ("type: currency", "type: money", "Value is not accepted"),
        (
            "default: a, options: [{label: A, value: a}, {label: B, value: b}]",
            "default: a",
            'Missing property "options"',
        ),
        ("default: a,", "multiSelect: true,", "Value is not accepted"),
        ("default: Majority", "default: Unanimous", "does not contain required item"),
        ("minReviewers: 2", "minReviewers: two", "Incorrect type"),
        ("minReviewers: 2", "minReviewers: 101", "above the maximum of 100"),
        ("type: currency, label: Cost,", "type: currency, label: Cost, required: true,", "validations.required"),
        ("description: Two pairs of eyes", f"description: {'x' * 501}", "longer than the maximum length of 500"),
    ],
)
def test_an_editor_sees_what_the_server_would_refuse(old: str, new: str, complaint: str, editor: Editor) -> None:
    """All but one: the older `required` is no fault, it is struck out."""
    text = headed(TEMPLATE, variant(old, new), editor)
    line = next(number for number, line in enumerate(text.splitlines(), start=1) if new.splitlines()[0] in line)
    told = editor.diagnostics(f"seen-{next(editor.numbers)}.yaml", text)
    near = [message for number, message in told if line - 1 <= number <= line]
    assert any(complaint in message for message in near), told


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        ("default: Majority", "default: ▮", {"Unanimous", "Majority", "Minimum"}),
        ("type: currency, label: Cost, validations: {min: 0}}", "type: ▮}", {"text", "longtext", "currency", "list"}),
        ("  resolved:\n", "  resolved:\n    resolutions:\n      onapproval: [▮]\n", {"AUTO_CLOSE", "MANUAL_CLOSE"}),
        ("            isRequired: true", "            ▮", {"isRequired", "isRequiredToApprove"}),
        ("  resolved:\n", "  ▮\n", {"resolved", "onHold"}),
        ("schema_type: change_order_scheme", "schema_type: ▮", {"change_order_scheme"}),
    ],
)
def test_values_and_keys_are_offered_while_typing(old: str, new: str, offered: set[str], editor: Editor) -> None:
    text = headed(TEMPLATE, variant(old, new), editor)
    assert offered <= editor.completions(f"typed-{next(editor.numbers)}.yaml", text)
