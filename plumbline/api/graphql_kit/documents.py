"""Parsed, measured and validated documents, kept under the digest of their text.

A cold document costs milliseconds (parsing, validation), a warm one a look-up. What is kept holds the verdict too, so a refused
document is refused again for nothing. Plans and shapes live inside the operations and go when the document goes.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from plumbline.api.graphql_kit.errors import DocumentTooLarge, IntrospectionDisabled, TooManyTokens, UnknownOperation
from plumbline.api.graphql_kit.limits import INTROSPECTION, Limits, check_operation
from plumbline.api.graphql_kit.prepared import PreparedOperation, prepare_operation
from plumbline.api.graphql_kit.schema import ExecutableSchema
from plumbline.kit.errors import Refusal

ERRORS_MAX = 20
"""Errors reported for one document or one answer."""
BYTES_PER_DOCUMENT = 8_000
BYTES_PER_CHARACTER = 400
"""Measured: a dense document takes 320 bytes per character once its plans and shapes are made; a sparse one far less."""


@dataclass(frozen=True, slots=True)
class Document:
    """Either `operations`, or the reason why not in `errors` (from graphql-core) or `refusals` (ours)."""

    operations: Mapping[str, PreparedOperation]
    """By name; the anonymous one under the empty text."""
    errors: tuple[GraphQLError, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    bytes_estimated: int = BYTES_PER_DOCUMENT

    @property
    def is_refused(self) -> bool:
        return bool(self.errors or self.refusals)

    def operation(self, name: str | None) -> PreparedOperation:
        """The operation to run; without a name, the only one."""
        if not name and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name and name in self.operations:
            return self.operations[name]
        known = ", ".join(sorted(operation for operation in self.operations if operation)[:ERRORS_MAX])
        if name:
            raise UnknownOperation(
                f"The document has no operation named {name[:100]!r}.",
                path=("operationName",),
                expected=f"one of: {known}",
            )
        raise UnknownOperation(
            f"The document has {len(self.operations)} operations and operationName is missing.",
            path=("operationName",),
            expected=f"one of: {known}",
        )


class DocumentCache:
    """Bounded by entries and by estimated bytes; the least recently used go first. Safe for threads."""

    def __init__(
        self, schema: ExecutableSchema, limits: Limits, *, entries_max: int = 1_000, bytes_max: int = 64 * 2**20
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._entries_max = entries_max
        self._bytes_max = bytes_max
        self._documents: OrderedDict[bytes, Document] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self.misses = 0

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def bytes_estimated(self) -> int:
        return self._bytes

    def document(self, text: str, *, shows_schema: bool = True) -> Document:
        """`shows_schema=False` is for callers who may not read the schema: no introspection, and no names suggested in errors."""
        encoded = text.encode()
        if len(encoded) > self._limits.document_bytes_max:
            too_large = DocumentTooLarge(
                "The document is too large in bytes",
                value=len(encoded),
                limit=self._limits.document_bytes_max,
                hint="Send values as variables rather than inside the document.",
            )
            return Document({}, refusals=(too_large,))
        key = self._key(encoded, shows_schema)
        with self._lock:
            known = self._documents.get(key)
            if known is not None:
                self._documents.move_to_end(key)
                return known
        # Outside the lock: two threads may do the same work once, but none waits for another's expensive document.
        made = read_document(self._schema.graphql, text, self._limits, shows_schema=shows_schema)
        self._keep(key, made)
        return made

    def _key(self, encoded: bytes, shows_schema: bool) -> bytes:
        return hashlib.blake2b(
            encoded, digest_size=20, key=self._schema.version.encode(), person=b"open" if shows_schema else b""
        ).digest()

    def _keep(self, key: bytes, document: Document) -> None:
        with self._lock:
            self.misses += 1
            replaced = self._documents.pop(key, None)
            self._bytes -= replaced.bytes_estimated if replaced else 0
            self._documents[key] = document
            self._bytes += document.bytes_estimated
            while len(self._documents) > self._entries_max or self._bytes > self._bytes_max:
                _, oldest = self._documents.popitem(last=False)
                self._bytes -= oldest.bytes_estimated


def read_document(schema: GraphQLSchema, text: str, limits: Limits, *, shows_schema: bool = True) -> Document:
    """Parses, measures, validates and prepares. Cheap checks first: what they refuse never reaches an expensive one."""
    try:
        ast = parse(text, max_tokens=limits.tokens_max)
    except GraphQLSyntaxError as error:
        return _unparsable(error, limits)
    size = BYTES_PER_DOCUMENT + BYTES_PER_CHARACTER * len(text)
    operations = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in ast.definitions if isinstance(node, FragmentDefinitionNode)}
    refusals: tuple[Refusal, ...] = tuple(
        fault for node in operations for fault in check_operation(node, fragments, limits)
    )
    if not shows_schema and _introspects(ast):
        refusals = (IntrospectionDisabled("The schema is shown to signed-in callers only."), *refusals)
    if refusals:
        return Document({}, refusals=refusals[:ERRORS_MAX])
    errors = validate(schema, ast, max_errors=ERRORS_MAX, hide_suggestions=not shows_schema)
    if errors:
        return Document({}, errors=tuple(errors[:ERRORS_MAX]), bytes_estimated=size)
    prepared = {node.name.value if node.name else "": prepare_operation(schema, node, fragments) for node in operations}
    return Document(prepared, bytes_estimated=size)


def _unparsable(error: GraphQLSyntaxError, limits: Limits) -> Document:
    if "tokens. Parsing aborted" in error.message:
        too_many = TooManyTokens(
            "The document has too many tokens", value=limits.tokens_max + 1, limit=limits.tokens_max
        )
        return Document({}, refusals=(too_many,))
    return Document({}, errors=(error.with_traceback(None),))


def _introspects(ast: DocumentNode) -> bool:
    pending = [
        node.selection_set
        for node in ast.definitions
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while pending:
        for selection in pending.pop().selections:
            name = getattr(selection, "name", None)
            if name is not None and name.value in INTROSPECTION:
                return True
            below = getattr(selection, "selection_set", None)
            if below is not None:
                pending.append(below)
    return False
