"""What a rule sees, what it may do, and how its answer is read."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from plumbline.adapters.javascript.pool import JavaScriptRules
from plumbline.validations.ports import (
    LOG_BYTES_MAX,
    LOG_LINES_MAX,
    MESSAGE_LENGTH_MAX,
    Ending,
    LogKind,
    LogLine,
    RuleAnswer,
    RuleCode,
)

from .conftest import MOMENT, PAYLOAD, Judge

LANGUAGE = (
    "Object Function Error EvalError RangeError ReferenceError SyntaxError TypeError URIError InternalError AggregateError "
    "SuppressedError Iterator Array parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent "
    "escape unescape Infinity NaN undefined eval Number Boolean String Math Reflect Symbol DisposableStack globalThis BigInt Date "
    "RegExp JSON Proxy Map Set WeakMap WeakSet ArrayBuffer SharedArrayBuffer Uint8ClampedArray Int8Array Uint8Array Int16Array "
    "Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array DataView Promise "
    "AsyncDisposableStack WeakRef FinalizationRegistry"
)
PROMISED = "exports console data fetch setTimeout setInterval clearTimeout clearInterval"


def seen(judge: Judge, expression: str) -> str | None:
    """What an expression over `data` is, as a rule sees it."""
    answer = judge(f"exports.validate = async (data) => ({{ valid: true, message: String({expression}) }});")
    assert answer.ended is Ending.RETURNED, answer
    return answer.message


def test_a_rule_sees_the_language_and_what_it_is_promised_and_nothing_else(judge: Judge) -> None:
    names = seen(judge, "Reflect.ownKeys(globalThis).map(String).filter(k => !k.startsWith('Symbol(')).join(' ')")
    assert set((names or "").split()) == set((LANGUAGE + " " + PROMISED).split())


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("data.items.length", "2"),
        ("data.components === data.items", "true"),
        ("globalThis.data === data", "true"),
        ("data.change_order.name", "ECO-7"),
        ("data.change_order.createdAt instanceof Date", "true"),
        ("data.change_order.createdAt.toISOString()", "2026-02-01T08:00:00.000Z"),
        ("data.change_order.stages[0].reviewers[0].decidedAt.getTime()", "1770105600000"),
        ("data.change_order.stages[0].reviewers[1].decidedAt", "null"),
        ("data.items[0].releasedAt", "null"),
        ("data.items[1].releasedAt.getFullYear()", "2024"),
        ("data.items[0].attributes.createdAt", "2020-01-01T00:00:00.000Z"),
        ("data.items[0].attributeValues['0199-a'].createdAt", "2020-01-01T00:00:00.000Z"),
        ("data.items[0].attributes.Mass?.value ?? 'none'", "25"),
        ("data.items[1].attributes.Mass?.value ?? 'none'", "none"),
        ("JSON.stringify({at: data.change_order.createdAt})", '{"at":"2026-02-01T08:00:00.000Z"}'),
        ("new Date().toISOString()", "2026-03-04T05:06:07.890Z"),
        ("Date.now()", "1772600767890"),
        ("new Date(0).getTimezoneOffset()", "0"),
        ("typeof require + typeof module + typeof process + typeof performance", "undefined" * 4),
        ("[...'aä€😀'].length", "4"),
        ("'aä€😀'", "aä€😀"),
    ],
)
def test_what_a_rule_sees(judge: Judge, expression: str, answer: str) -> None:
    assert seen(judge, expression) == answer


@pytest.mark.parametrize(
    ("code", "valid", "message"),
    [
        ("exports.validate = async (data) => ({ valid: true });", True, None),
        ("exports.validate = (data) => ({ valid: true, message: 'fine' });", True, "fine"),
        ("exports.validate = function () { return { valid: false, message: 'no mass' }; };", False, "no mass"),
        ("exports.validate = async () => ({ valid: false });", False, None),
        ("exports.validate = () => ({ valid: false, message: null });", False, None),
        ("exports.validate = () => ({ valid: false, message: { at: [1] } });", False, '{"at":[1]}'),
        ("exports.validate = () => Promise.resolve({ valid: true, message: 'then' });", True, "then"),
        (
            "exports.validate = () => ({ then(resolve) { resolve({ valid: true, message: 'any then' }); } });",
            True,
            "any then",
        ),
        (
            "class Rules { validate() { return { valid: this.ok() }; } ok() { return true; } } exports = new Rules();",
            True,
            None,
        ),
        ("limit = 3; exports.validate = () => ({ valid: limit === 3 });", True, None),
        ("'use strict'; const limit = 3; exports.validate = () => ({ valid: limit === 3 });", True, None),
    ],
)
def test_the_forms_of_an_answer(judge: Judge, code: str, valid: bool, message: str | None) -> None:
    answer = judge(code)
    assert (answer.ended, answer.valid, answer.message) == (Ending.RETURNED, valid, message)


@pytest.mark.parametrize(
    ("code", "ended", "message"),
    [
        ("", Ending.NO_FUNCTION, "assigns no function to exports.validate"),
        ("exports.validate = 5;", Ending.NO_FUNCTION, "assigns no function"),
        ("exports = null;", Ending.NO_FUNCTION, "assigns no function"),
        ("exports.validate = () => 5;", Ending.NO_OBJECT, "returned number"),
        ("exports.validate = () => null;", Ending.NO_OBJECT, "returned null"),
        ("exports.validate = () => {};", Ending.NO_OBJECT, "returned undefined"),
        ("exports.validate = () => ({});", Ending.NO_OBJECT, "neither true nor false"),
        ("exports.validate = () => ({ valid: 1 });", Ending.NO_OBJECT, "neither true nor false"),
        ("exports.validate = () => ({ valid: 'true' });", Ending.NO_OBJECT, "neither true nor false"),
        ("exports.validate = (", Ending.THREW, "SyntaxError"),
        ("module.exports = {};", Ending.THREW, "ReferenceError: module is not defined"),
        ("const fs = require('fs');", Ending.THREW, "ReferenceError: require is not defined"),
        ("exports.validate = () => { throw new RangeError('too far'); };", Ending.THREW, "RangeError: too far"),
        ("exports.validate = async () => { throw 'a text'; };", Ending.THREW, "a text"),
        ("exports.validate = async () => { throw null; };", Ending.THREW, "null"),
        ("exports.validate = async () => { throw { code: 7 }; };", Ending.THREW, '{"code":7}'),
        ("exports.validate = () => new Promise(() => {});", Ending.UNSETTLED, "promise that nothing settles"),
        (
            "exports.validate = async () => { await fetch('https://example.com'); };",
            Ending.THREW,
            "rules have no network",
        ),
        ("exports.validate = async () => { await import('fs'); };", Ending.THREW, "fs"),
    ],
)
def test_what_is_no_answer_says_why(judge: Judge, code: str, ended: Ending, message: str) -> None:
    answer = judge(code)
    assert (answer.ended, answer.valid) == (ended, None)
    assert message in (answer.message or "")


def test_the_example_of_the_reference_runs(judge: Judge) -> None:
    page = Path(__file__).parents[4] / "docs" / "reference" / "configuration" / "validations.md"
    [example] = re.findall(r"```js\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    answer = judge(example)
    assert (answer.ended, answer.valid) == (Ending.RETURNED, False)
    assert answer.message == "[Screw](item:component/undefined)"
    assert answer.logs == (LogLine(LogKind.WARN, "Screw has no mass"),)


def test_functions_may_call_themselves_a_thousand_times(judge: Judge) -> None:
    assert seen(judge, "(function depth(n) { return n === 0 ? 0 : 1 + depth(n - 1); })(1000)") == "1000"


def test_an_error_is_told_with_its_place_in_the_rule(judge: Judge) -> None:
    """As far as the engine knows it: it keeps the places of calls and throws, not those of every property."""
    answer = judge(
        "function massOf(item) {\n  throw new RangeError('no mass');\n}\n\n"
        "exports.validate = async (data) => {\n  return massOf(data.items[1]);\n};"
    )
    assert answer.message == "RangeError: no mass"
    assert answer.trace.splitlines()[0].startswith("at massOf (rule:2:")
    assert len(answer.trace.splitlines()) == 2


def test_console_keeps_the_order_and_joins_with_spaces(judge: Judge) -> None:
    answer = judge(
        """
        console.info("loading");
        exports.validate = async (data) => {
          console.log("items", data.items.length, { a: [1, null] }, [true], null, undefined, 5n, Symbol("s"));
          console.warn(new TypeError("odd"), new Date(0));
          await null;
          console.error();
          return { valid: true };
        };
        """
    )
    assert answer.logs == (
        LogLine(LogKind.INFO, "loading"),
        LogLine(LogKind.LOG, 'items 2 {"a":[1,null]} [true] null undefined 5 Symbol(s)'),
        LogLine(LogKind.WARN, 'TypeError: odd "1970-01-01T00:00:00.000Z"'),
        LogLine(LogKind.ERROR, ""),
    )


def test_what_cannot_be_shown_does_not_stop_a_rule(judge: Judge) -> None:
    answer = judge(
        """
        const ring = {}; ring.self = ring;
        console.log(ring, { toJSON() { throw 1; } }, Object.create(null), () => 1, "\\ud800", { [Symbol.toPrimitive]() { throw 2; } });
        exports.validate = () => ({ valid: true });
        """
    )
    assert answer.ended is Ending.RETURNED
    assert answer.logs[0].text == ("[object Object] [object Object] {} () => 1 \ufffd {}")


def test_lines_written_before_a_rule_is_stopped_are_kept(stop: Judge) -> None:
    answer = stop("console.log('before'); exports.validate = () => { console.warn('in'); while (true); };")
    assert answer.ended is Ending.TIMED_OUT
    assert answer.logs == (LogLine(LogKind.LOG, "before"), LogLine(LogKind.WARN, "in"))


def test_a_log_is_cut_visibly(judge: Judge) -> None:
    long = judge(
        "exports.validate = () => { for (let i = 0; i < 100; i++) console.log('ä'.repeat(1000)); return { valid: true }; };"
    )
    assert sum(len(line.text.encode()) for line in long.logs[:-1]) == LOG_BYTES_MAX
    assert long.logs[-1].kind is LogKind.WARN
    assert "cut here" in long.logs[-1].text
    many = judge("exports.validate = () => { for (let i = 0; i < 5000; i++) console.log(i); return { valid: true }; };")
    assert [line.text for line in many.logs[:-1]] == [str(number) for number in range(LOG_LINES_MAX)]
    assert "cut here" in many.logs[-1].text
    full = judge(
        f"exports.validate = () => {{ for (let i = 0; i < {LOG_LINES_MAX}; i++) console.log(i); return {{ valid: true }}; }};"
    )
    assert len(full.logs) == LOG_LINES_MAX
    one = judge("console.log('x'.repeat(10000000)); exports.validate = () => ({ valid: true });")
    assert len(one.logs[0].text) == LOG_BYTES_MAX


def test_a_message_is_cut_visibly(judge: Judge) -> None:
    exact = judge(f"exports.validate = () => ({{ valid: false, message: 'x'.repeat({MESSAGE_LENGTH_MAX}) }});")
    assert exact.message == "x" * MESSAGE_LENGTH_MAX
    longer = judge(f"exports.validate = () => ({{ valid: false, message: 'x'.repeat({MESSAGE_LENGTH_MAX + 1}) }});")
    assert longer.message == "x" * (MESSAGE_LENGTH_MAX - 1) + "…"
    thrown = judge("exports.validate = () => { throw new Error('y'.repeat(1e6)); };")
    assert thrown.message is not None
    assert len(thrown.message) == MESSAGE_LENGTH_MAX
    assert thrown.message.endswith("y…")


def test_nobody_waits_for_timers_and_they_come_in_order(judge: Judge) -> None:
    answer = judge(
        """
        exports.validate = async () => {
          const began = Date.now();
          const at = (text) => console.log(text, Date.now() - began);
          setTimeout(at, 20_000, "second");
          setTimeout(at, 10_000, "first");
          clearTimeout(setTimeout(at, 15_000, "never"));
          let ticks = 0;
          const every = setInterval(() => { at("tick"); if (++ticks === 2) clearInterval(every); }, 12_000);
          await new Promise((resolve) => setTimeout(resolve, 30_000));
          at("end");
          return { valid: true };
        };
        """
    )
    assert [line.text for line in answer.logs] == [
        "first 10000",
        "tick 12000",
        "second 20000",
        "tick 24000",
        "end 30000",
    ]
    assert answer.seconds < 5


@pytest.mark.parametrize(
    "left", ["setInterval(() => {}, 1);", "(async () => { while (true) await null; })();", "new Promise(() => {});"]
)
def test_what_a_rule_leaves_running_does_not_hold_its_answer_up(judge: Judge, left: str) -> None:
    answer = judge(f"exports.validate = async () => {{ {left} await null; return {{ valid: true }}; }};")
    assert (answer.ended, answer.valid) == (Ending.RETURNED, True)


def test_a_timer_that_throws_fails_the_rule(judge: Judge) -> None:
    answer = judge("exports.validate = () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 5));")
    assert (answer.ended, answer.message) == (Ending.THREW, "Error: late")


def test_the_same_input_answers_the_same_a_hundred_times(rules: JavaScriptRules) -> None:
    code = """
        exports.validate = async (data) => {
          const seen = new Map();
          for (let i = 0; i < 5; i++) seen.set(Math.random(), new Date().getTime());
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
          console.log(JSON.stringify([...seen]), Date.now(), Object.keys(data.items[0]).join());
          const order = [3, 1, 2].sort(() => Math.random() - 0.5);
          return { valid: order[0] > 1, message: order.join() + " " + new Error("x").stack.length };
        };
        """

    def told(answer: RuleAnswer) -> object:
        return answer.ended, answer.valid, answer.message, answer.logs

    answers = [told(each) for each in rules.run([RuleCode("coin", code)] * 50, PAYLOAD, moment=MOMENT)]
    [first_process] = rules.process_ids
    os.kill(first_process, signal.SIGKILL)
    answers += [told(each) for each in rules.run([RuleCode("coin", code)] * 50, PAYLOAD, moment=MOMENT)]
    assert rules.process_ids != [first_process]
    assert len(answers) == 100
    assert len(set(answers)) == 1


def test_a_rule_leaves_nothing_to_the_next_one(rules: JavaScriptRules) -> None:
    first = "data.items.length = 0; Object.prototype.found = true; globalThis.left = 1; exports.validate = () => ({ valid: false });"
    second = """exports.validate = (data) =>
        ({ valid: data.items.length === 2 && ({}).found === undefined && typeof left === "undefined" });"""
    answers = rules.run([RuleCode("first", first), RuleCode("second", second)], PAYLOAD, moment=MOMENT)
    assert [each.valid for each in answers] == [False, True]


def test_what_is_no_object_is_refused_before_a_rule_sees_it(rules: JavaScriptRules) -> None:
    for payload in (b"", b"[1]", b"{", b"null"):
        with pytest.raises(ValueError):
            rules.run([RuleCode("a rule", "")], payload, moment=MOMENT)
    assert rules.run([], b"{}", moment=MOMENT) == []
