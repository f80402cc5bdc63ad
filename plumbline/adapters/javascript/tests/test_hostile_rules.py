"""Programs that want more than they get. Each runs in the real process with 0.5 s and 64 MiB, is stopped in time and within its
memory, and the same process judges the next rule as if nothing had been."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from plumbline.adapters.javascript.pool import JavaScriptRules
from plumbline.adapters.javascript.worker import GRACE_SECONDS
from plumbline.validations.ports import LOG_BYTES_MAX, LOG_LINES_MAX, Ending, RuleAnswer, RuleCode

from .conftest import MOMENT, PAYLOAD, Judge

LIMIT_SECONDS = 0.5
RESIDENT_MIB_MAX = 200
"""Of the process: a rule's 64, the image that it came from, the engine and Python."""

HEALTHY = """
exports.validate = async (data) => ({
  valid: [1, 2].map((x) => x * 2).join() === "2,4" && ({}).isAdmin === undefined && data.items.length === 2,
});
"""

STOPPED = {Ending.TIMED_OUT, Ending.OUT_OF_MEMORY, Ending.TOO_DEEP, Ending.UNSETTLED, Ending.THREW}
TIME, MEMORY, DEPTH = {Ending.TIMED_OUT}, {Ending.OUT_OF_MEMORY, Ending.TIMED_OUT}, {Ending.TOO_DEEP}

BODIES: dict[str, tuple[str, set[Ending]]] = {
    "an endless loop": ("while (true) {}", TIME),
    "a loop that catches": ("while (true) { try { while (true) {} } catch (e) {} }", TIME),
    "a loop in finally": ("try { throw 1 } finally { for (;;) {} }", TIME),
    "a generator without end": ("for (const x of (function* () { while (true) yield 1 })()) {}", TIME),
    "objects without end": ("const a = []; while (true) a.push({ x: a.length, y: 'q' + a.length })", MEMORY),
    "objects without end in a global": ("globalThis.a = []; while (true) a.push({ x: a.length })", MEMORY),
    "objects without end that catch": (
        "globalThis.a = []; while (true) { try { while (true) a.push([a.length]) } catch (e) {} }",
        MEMORY,
    ),
    "a string that doubles": ("let s = 'x'; while (true) s += s + 'y'", STOPPED),
    "strings": ("const a = []; while (true) a.push('x'.repeat(1 << 20).split('').join('y'))", MEMORY),
    "typed arrays": (
        "const a = []; while (true) { const b = new Uint8Array(1 << 24); b.fill(7); a.push(b) }",
        MEMORY,
    ),
    "one huge buffer": ("return new ArrayBuffer(2 ** 33).byteLength", STOPPED),
    "one shared buffer": ("const a = []; while (true) a.push(new SharedArrayBuffer(1 << 24))", MEMORY),
    "a resizable buffer": (
        "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); for (let n = 8; ; n *= 2) b.resize(n)",
        STOPPED,
    ),
    "a map without end": ("const m = new Map(); for (let i = 0; ; i++) m.set(i, {})", MEMORY),
    "symbols without end": ("for (let i = 0; ; i++) Symbol.for('s' + i)", MEMORY),
    "property names without end": ("for (let i = 0; ; i++) globalThis['p' + i] = i", MEMORY),
    "recursion": ("function f(n) { return f(n + 1) + 1 } return f(0)", DEPTH),
    "recursion that catches": ("function f() { try { return f() } catch (e) { return f() } } return f()", DEPTH),
    "recursion in a getter": ("const o = { get a() { return this.a } }; return o.a", DEPTH),
    "recursion in a proxy": ("const p = new Proxy({}, { get: (t, k) => p[k] }); return p.x", DEPTH),
    "recursion in toString": ("const o = { toString() { return '' + o } }; return '' + o", DEPTH),
    "a regular expression that backtracks": ("return /^(a+)+$/.test('a'.repeat(40) + '!')", TIME),
    "another one": ("return /(x+x+)+y/.test('x'.repeat(50))", TIME),
    "a regular expression nested deeply": (
        "return new RegExp('('.repeat(200000) + ')'.repeat(200000)).test('a')",
        STOPPED,
    ),
    "a regular expression with many repeats": ("return /(?:a{1,1000}){1,1000}b/.test('a'.repeat(1e5))", STOPPED),
    "a long search": (
        "const s = 'a'.repeat(2e6); let n = 0; while (true) n += s.indexOf('a'.repeat(1e6) + 'b')",
        TIME,
    ),
    "big numbers": ("return String((7n ** 200000n) ** 200n).length", STOPPED),
    "a big number as text": ("return (1n << 30000000n).toString().length", STOPPED),
    "an array that is filled": ("return new Array(2 ** 32 - 2).fill(0).length", STOPPED),
    "sorting again and again": (
        "const a = []; for (let i = 0; i < 2e5; i++) a.push(i * 7919 % 1000003); while (true) a.sort((x, y) => x - y)",
        TIME,
    ),
    "sorting by a function that never answers": ("return [3, 2, 1].sort(() => { while (true); })", TIME),
    "parsing deep JSON": ("return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)).length", STOPPED),
    "writing deep JSON": (
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return JSON.stringify(a).length",
        STOPPED,
    ),
    "writing wide JSON": (
        "let a = []; for (let i = 0; i < 30; i++) a = [a, a]; return JSON.stringify(a).length",
        STOPPED,
    ),
    "a deep program": ("return eval('('.repeat(1e6) + '1' + ')'.repeat(1e6))", STOPPED),
    "a long program": ("return eval('1+'.repeat(5e6) + '1')", STOPPED),
    "programs without end": ("for (let i = 0; ; i++) new Function('return ' + i)()", STOPPED),
    "a loop of awaits": ("while (true) await null", TIME),
    "a chain of promises": ("function f() { return Promise.resolve().then(f) } return f()", TIME),
    "promises without end": (
        "const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f(); await new Promise(() => {})",
        STOPPED,
    ),
    "a promise that never settles": ("await new Promise(() => {})", {Ending.UNSETTLED}),
    "a then that never settles": ("return { then() {} }", {Ending.UNSETTLED}),
    "a then that resolves to itself": ("const o = { then(r) { r(o) } }; return o", TIME),
    "an interval that is never cleared": ("await new Promise(() => setInterval(() => {}, 1e9))", TIME),
    "timers that start timers": (
        "const f = () => { setTimeout(f); setTimeout(f) }; f(); await new Promise(() => {})",
        STOPPED,
    ),
    "a wait for another thread": (
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        {Ending.THREW},
    ),
    "an answer whose valid loops": ("return { get valid() { while (true); } }", TIME),
    "an answer whose message loops": ("return { valid: true, message: { toJSON() { while (true); } } }", TIME),
    "an answer that is a proxy": (
        "return new Proxy({}, { ownKeys() { while (true); }, get() { while (true); } })",
        TIME,
    ),
    "an error whose stack loops": ("throw { get stack() { while (true); } }", TIME),
    "an error whose text loops": ("throw { toJSON() { while (true); } }", TIME),
    "a huge message": ("return { valid: true, message: 'x'.repeat(200e6) }", STOPPED),
    "a huge error": ("throw new Error('x'.repeat(40e6))", STOPPED),
    "collecting garbage": (
        "while (true) { let a = {}; for (let i = 0; i < 1e4; i++) a = { a, b: a }; a.self = a }",
        TIME,
    ),
    "a finalizer": (
        "const r = new FinalizationRegistry(() => { while (true); }); for (;;) r.register({}, 1)",
        STOPPED,
    ),
}
"""Bodies of `validate`, and how they may end."""

TEXTS: dict[str, tuple[str, set[Ending]]] = {
    "a loop before there is a function": ("while (true);", TIME),
    "memory before there is a function": ("globalThis.a = []; while (true) a.push(new Uint8Array(1 << 20))", MEMORY),
    "a getter for exports": ("Object.defineProperty(globalThis, 'exports', { get() { while (true); } })", TIME),
    "a function that is a proxy": ("exports.validate = new Proxy(() => {}, { apply() { while (true); } })", TIME),
    "a text of brackets": ("[" * 200_000, STOPPED),
    "a text of operators": ("1" + "+1" * 100_000, {Ending.NO_FUNCTION, *STOPPED}),
    "a text of nothing that can be read": ("\0\1\2", {Ending.THREW}),
}


def resident_mib(rules: JavaScriptRules) -> int:
    """The most that the process ever had."""
    [process] = rules.process_ids
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) // 1024


def stopped(rules: JavaScriptRules, code: str) -> RuleAnswer:
    """The answer of a hostile rule, after a look at what it did to the process and to the rule after it."""
    rules.run([RuleCode("warm", HEALTHY)], PAYLOAD, moment=MOMENT)
    before = rules.process_ids
    began = time.monotonic()
    answer, next_one = rules.run([RuleCode("hostile", code), RuleCode("next", HEALTHY)], PAYLOAD, moment=MOMENT)
    assert time.monotonic() - began < LIMIT_SECONDS + GRACE_SECONDS
    assert (next_one.ended, next_one.valid) == (Ending.RETURNED, True)
    assert rules.process_ids == before, "stopped from within; nobody had to kill the process"
    assert resident_mib(rules) < RESIDENT_MIB_MAX
    return answer


@pytest.mark.parametrize(("body", "endings"), BODIES.values(), ids=BODIES.keys())
def test_a_hostile_function_is_stopped(hasty: JavaScriptRules, body: str, endings: set[Ending]) -> None:
    answer = stopped(hasty, f"exports.validate = async function (data) {{ {body} }};")
    assert answer.ended in endings, answer
    assert answer.valid is None
    assert answer.message


@pytest.mark.parametrize(
    "body",
    [
        "const a = []; while (true) a.push({ x: a.length, y: 'q' + a.length })",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, {})",
        "const a = []; while (true) a.push('x'.repeat(1 << 20).split('').join('y'))",
    ],
    ids=["small things", "a map", "large things"],
)
def test_a_rule_that_had_time_to_fill_its_memory_is_told_so(judge: Judge, body: str) -> None:
    """Small things fill it to the last byte, so that not even the error has room."""
    answer = judge(f"exports.validate = () => {{ {body} }};")
    assert (answer.ended, answer.message) == (Ending.OUT_OF_MEMORY, "The rule needs more than 64 MiB of memory.")


def test_a_rule_may_throw_null(judge: Judge) -> None:
    answer = judge("exports.validate = () => { throw null };")
    assert (answer.ended, answer.message) == (Ending.THREW, "null")


@pytest.mark.parametrize(("code", "endings"), TEXTS.values(), ids=TEXTS.keys())
def test_a_hostile_text_is_stopped(hasty: JavaScriptRules, code: str, endings: set[Ending]) -> None:
    answer = stopped(hasty, code)
    assert answer.ended in endings, answer


@pytest.mark.parametrize(
    "body",
    [
        "for (let i = 0; i < 1e7; i++) console.log('x'.repeat(10000))",
        "while (true) console.log()",
        "while (true) console.error({ toJSON() { return 'x'.repeat(100) } })",
    ],
)
def test_a_flood_of_lines_is_bounded(hasty: JavaScriptRules, body: str) -> None:
    answer = stopped(hasty, f"exports.validate = () => {{ {body} }};")
    assert answer.ended is Ending.TIMED_OUT
    assert len(answer.logs) <= LOG_LINES_MAX + 1
    assert sum(len(line.text.encode()) for line in answer.logs[:-1]) <= LOG_BYTES_MAX
    assert "cut here" in answer.logs[-1].text


FORGED = """const FORGED = '{"ended":"RETURNED","valid":true,"message":"forged"}'; """
FORGERIES = {
    "JSON.stringify replaced": "JSON.stringify = () => FORGED;",
    "toJSON on everything": "Object.prototype.toJSON = String.prototype.toJSON = () => FORGED;",
    "texts replaced": """
        for (const name of Object.getOwnPropertyNames(String.prototype))
          if (name !== "constructor" && typeof ""[name] === "function") String.prototype[name] = () => FORGED;
        """,
    "String replaced": "String = globalThis.String = () => FORGED;",
    "functions replaced": """
        Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => FORGED;
        """,
    "Reflect replaced": "Reflect.apply = () => ({ valid: true, message: 'forged' });",
    "promises replaced": """
        Promise.prototype.then = function (f) { f && f(FORGED); };
        Promise = function () {};
        """,
    "the constructor of promises": """
        const made = function (f) { f(() => {}, () => {}); };
        Object.defineProperty(Promise.prototype, "constructor", { get() { return made; } });
        """,
    "the species of promises": """
        Object.defineProperty(Promise, Symbol.species, { get() { return class { constructor(f) { f(() => {}, () => {}); } }; } });
        """,
    "setters on everything": """
        for (const name of ["ended", "valid", "message", "text", "0", "1", "next", "due"])
          Object.defineProperty(Object.prototype, name, { set() {}, get() { return true; } });
        """,
    "instanceof": """
        Object.defineProperty(Error, Symbol.hasInstance, { value: () => true });
        Error.prototype.toString = () => FORGED;
        """,
    "stack traces": """
        Error.prepareStackTrace = () => FORGED;
        Object.defineProperty(Error.prototype, "stack", { get: () => FORGED });
        """,
    "functions found in stack traces": """
        const first = globalThis.looked === undefined; globalThis.looked = true;
        Error.prepareStackTrace = (error, frames) => frames.map((frame) => frame.getFunction && frame.getFunction());
        for (const found of first ? new Error().stack : []) {
          try { if (typeof found === "function") found(FORGED); } catch (e) {}
        }
        Error.prepareStackTrace = undefined;
        """,
}


@pytest.mark.parametrize("preparation", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_rule_that_throws_or_loops_cannot_say_that_it_passed(judge: Judge, stop: Judge, preparation: str) -> None:
    threw = judge(f"{FORGED}{preparation} exports.validate = async () => {{ throw new Error('honest'); }};")
    assert (threw.ended, threw.valid) == (Ending.THREW, None)
    looped = stop(f"{FORGED}{preparation} exports.validate = async () => {{ while (true); }};")
    assert (looped.ended, looped.valid) == (Ending.TIMED_OUT, None)


@pytest.mark.parametrize("preparation", FORGERIES.values(), ids=FORGERIES.keys())
def test_what_a_rule_says_is_read_as_it_says_it(judge: Judge, preparation: str) -> None:
    answer = judge(
        f"{FORGED}{preparation} exports.validate = () => ({{ __proto__: null, valid: false, message: 'plain' }});"
    )
    assert (answer.ended, answer.valid, answer.message) == (Ending.RETURNED, False, "plain")


ESCAPES = {
    "this of a function": "Function('return this')()",
    "this of a sloppy function": "(function () { return this; })()",
    "the constructor of console.log": "console.log.constructor('return this')()",
    "the constructor of a constructor": "[].constructor.constructor('return this')()",
    "the constructor of an async function": "await (async () => {}).constructor('return this')()",
    "the constructor of a generator": "(function* () {}).constructor('return this')().next().value",
    "the constructor of an async generator": "(await (async function* () {}).constructor('return this')().next()).value",
    "the constructor of the data": "data.constructor.constructor('return this')()",
    "the constructor of a date in the data": "data.change_order.createdAt.constructor.constructor('return this')()",
    "the constructor of a timer": "setTimeout.constructor('return this')()",
    "the constructor of fetch": "await fetch.constructor('return this')()",
    "the constructor of an error of ours": "await fetch('x').catch((e) => e.constructor.constructor('return this')())",
    "indirect eval": "(0, eval)('this')",
    "a function called by us": "await new Promise((r) => setTimeout(function () { r(this ?? globalThis); }))",
}
CAPABILITIES = (
    "process require module global window self Deno Bun python pm std os bjson print load loadScript scriptArgs gc navigator Worker "
    "XMLHttpRequest WebSocket EventSource WebAssembly Atomics Buffer URL TextDecoder crypto caches indexedDB localStorage "
    "importScripts ActiveXObject Java Packages read readline quit __dirname __filename performance queueMicrotask structuredClone"
)


@pytest.mark.parametrize("expression", ESCAPES.values(), ids=ESCAPES.keys())
def test_the_way_out_of_a_function_leads_to_the_same_few_globals(judge: Judge, expression: str) -> None:
    answer = judge(
        f"""exports.validate = async (data) => {{
          const found = {expression};
          const away = {CAPABILITIES.split()!r}.filter((name) => found !== undefined && name in Object(found));
          return {{ valid: away.length === 0 && (found === undefined || found === globalThis), message: away.join() }};
        }};"""
    )
    assert (answer.ended, answer.valid, answer.message) == (Ending.RETURNED, True, ""), answer


@pytest.mark.parametrize(
    "module",
    [
        "fs",
        "node:fs",
        "std",
        "os",
        "qjs:std",
        "qjs:os",
        "bjson",
        "/etc/passwd",
        "file:///etc/passwd",
        "./prelude.js",
        "https://example.com/a.js",
        "data:text/javascript,export default 1",
        "ext:core/ops",
        "child_process",
        "",
    ],
)
def test_nothing_can_be_imported(judge: Judge, module: str) -> None:
    answer = judge(f"exports.validate = async () => {{ await import({module!r}); return {{ valid: true }}; }};")
    assert answer.ended is Ending.THREW
    static = judge(f"import {{ a }} from {module!r}; exports.validate = () => ({{ valid: true }});")
    assert static.ended is Ending.THREW


def test_functions_in_a_stack_trace_are_those_of_the_rule_and_of_the_prelude(judge: Judge) -> None:
    """The engine lets a program see the functions that called it. What called it can do no more than the rule itself."""
    answer = judge(
        """
        Error.prepareStackTrace = (error, frames) => frames.map((frame) => frame.getFunction && frame.getFunction());
        exports.validate = async () => {
          const own = new Error().stack.filter((f) => typeof f === "function");
          for (const f of own) if (await f.constructor("return this")() !== globalThis) return { valid: false };
          return { valid: true, message: own.map((f) => f.name).join() };
        };
        """
    )
    assert (answer.ended, answer.valid) == (Ending.RETURNED, True)
    assert "write" not in (answer.message or "")


def test_callers_and_arguments_are_out_of_reach(judge: Judge) -> None:
    answer = judge(
        """
        exports.validate = function () {
          const found = [];
          for (const look of [() => arguments.callee.caller, () => exports.validate.caller, () => console.log.arguments]) {
            try { found.push(String(look())); } catch (e) { found.push(e.name); }
          }
          return { valid: found.every((each) => ["TypeError", "undefined", "null"].includes(each)), message: found.join() };
        };
        """
    )
    assert (answer.ended, answer.valid) == (Ending.RETURNED, True), answer
