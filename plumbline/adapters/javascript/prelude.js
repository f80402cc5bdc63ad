// What is there before a rule: its globals, and the reading of what it returns.
//
// Evaluated once in a new context; answers a function that is called with bytes that the host reads (`log.py` says how they are laid out) and
// bounds, and answers the functions that the host calls. Everything that these use later is taken into constants here, before the first rule: a rule may put its own functions in the place of
// JSON.stringify or String.prototype.slice, and then would answer for itself. Where objects must be made they have no prototype, and lists are
// linked, because a rule may also give Object.prototype and Array.prototype a setter.
(function (bytes, MESSAGE_LENGTH_MAX, LOG_LENGTH_MAX, LOG_LINES_MAX) {
  "use strict";

  const world = globalThis;
  const evaluate = eval; // called by another name, it sees no scope but the global one
  const asText = String;
  const asNumber = Number;
  const { stringify } = JSON;
  const { isArray } = Array;
  const { apply } = Reflect;
  const { trunc } = Math;
  const ADate = Date;
  const AnError = Error;
  const ATypeError = TypeError;
  const unbound = Function.prototype.bind.bind(Function.prototype.call);
  const cut = unbound(String.prototype.slice);
  const unitAt = unbound(String.prototype.charCodeAt);
  const wellFormed = unbound(String.prototype.toWellFormed);

  // Nothing beyond the language itself and what rules are promised.
  for (const name of ["queueMicrotask", "DOMException", "btoa", "atob", "performance"]) delete world[name];

  // --- texts ---

  const bounded = (text, length) => wellFormed(text.length > length ? cut(text, 0, length - 1) + "…" : text);

  /** Of any value: objects as JSON, errors as what they say, texts as they are. */
  function shown(value) {
    try {
      if (typeof value === "object" && value !== null && !(value instanceof AnError)) {
        const json = stringify(value);
        if (typeof json === "string") return json;
      }
    } catch {
      // A ring of objects, or a toJSON that throws.
    }
    try {
      return asText(value);
    } catch {
      return "(a value that cannot be shown)";
    }
  }

  // --- console ---

  const shared = bytes.buffer;
  const clock = new Float64Array(shared, bytes.byteOffset, 1);
  const used = new Uint32Array(shared, bytes.byteOffset + 8, 1);
  const units = new Uint16Array(shared, bytes.byteOffset + 16);

  let lines = 0;
  let length = 0;

  function write(kind, text) {
    let place = used[0];
    units[place++] = kind;
    units[place++] = text.length & 0xffff;
    units[place++] = text.length >>> 16;
    for (let index = 0; index < text.length; index += 1) units[place++] = unitAt(text, index);
    used[0] = place; // last, so that a line counts when it is whole
    lines += 1;
    length += text.length;
  }

  function writer(name) {
    const kind = unitAt(name, 0);
    return function (...values) {
      if (lines > LOG_LINES_MAX || length > LOG_LENGTH_MAX) return;
      let text = "";
      for (let index = 0; index < values.length; index += 1) text += (index ? " " : "") + shown(values[index]);
      text = cut(text, 0, LOG_LENGTH_MAX + 1 - length); // one more than the host keeps, by which it notices
      write(kind, text);
    };
  }

  world.console = { info: writer("info"), log: writer("log"), warn: writer("warn"), error: writer("error") };

  // --- timers: nobody waits for them ---
  //
  // When nothing else is left to do, the clock is put forward to the first timer and that one is called. So a rule may wait as long
  // as it likes, takes no time for it, and finds the same order of things each time.

  let now = 0;
  let last = 0;
  let first = null;

  function insert(timer) {
    if (first === null || timer.due < first.due) {
      timer.next = first;
      first = timer;
      return;
    }
    let before = first;
    while (before.next !== null && before.next.due <= timer.due) before = before.next;
    timer.next = before.next;
    before.next = timer;
  }

  function remove(id) {
    let before = null;
    for (let timer = first; timer !== null; before = timer, timer = timer.next) {
      if (timer.id !== id) continue;
      if (before === null) first = timer.next;
      else before.next = timer.next;
      return;
    }
  }

  function start(callback, delay, values, repeats) {
    if (typeof callback !== "function") throw new ATypeError("a timer needs a function");
    const given = trunc(asNumber(delay));
    const pause = given >= 1 && given <= 2147483647 ? given : 1;
    last += 1;
    insert({ __proto__: null, id: last, due: now + pause, pause, repeats, callback, values, next: null });
    return last;
  }

  world.setTimeout = function (callback, delay, ...values) {
    return start(callback, delay, values, false);
  };
  world.setInterval = function (callback, delay, ...values) {
    return start(callback, delay, values, true);
  };
  world.clearTimeout = function (id) {
    remove(id);
  };
  world.clearInterval = function (id) {
    remove(id);
  };

  /** Calls the first timer; false if there is none. */
  function callTimer() {
    const timer = first;
    if (timer === null) return false;
    first = timer.next;
    now = timer.due;
    clock[0] = now;
    if (timer.repeats) {
      timer.due += timer.pause;
      insert(timer);
    }
    apply(timer.callback, undefined, timer.values);
    return true;
  }

  // --- network ---

  world.fetch = async function () {
    throw new ATypeError("fetch: rules have no network");
  };

  // --- the change order ---

  const MOMENTS = { __proto__: null, createdAt: true, updatedAt: true, decidedAt: true, releasedAt: true };
  // What is below these is named by the library: an attribute may be called createdAt, too.
  const NAMED_BY_USERS = { __proto__: null, attributes: true, attributeValues: true };

  function reviveMoments(value) {
    for (const name in value) {
      const below = value[name];
      if (typeof below === "string") {
        if (MOMENTS[name]) value[name] = new ADate(below);
      } else if (typeof below === "object" && below !== null && !NAMED_BY_USERS[name]) {
        reviveMoments(below);
      }
    }
  }

  let data;

  function load(given) {
    reviveMoments(given);
    if (isArray(given.items)) given.components = given.items;
    data = given;
    world.data = given;
    world.exports = {};
  }

  // --- a rule ---

  const answer = (ended, valid, message) =>
    stringify({
      __proto__: null,
      ended,
      valid,
      message: message === undefined || message === null ? null : bounded(shown(message), MESSAGE_LENGTH_MAX),
    });

  async function judge(code) {
    evaluate(code);
    const rule = world.exports;
    const validate = rule === undefined || rule === null ? undefined : rule.validate;
    if (typeof validate !== "function") {
      return answer("NO_FUNCTION", null, "The rule assigns no function to exports.validate.");
    }
    const result = await apply(validate, rule, [data]);
    if (typeof result !== "object" || result === null) {
      const kind = result === null ? "null" : typeof result;
      return answer("NO_OBJECT", null, "The rule returned " + kind + ", not an object with valid and message.");
    }
    const { valid, message } = result;
    if (typeof valid !== "boolean") {
      return answer("NO_OBJECT", null, "The rule returned an object whose valid is neither true nor false.");
    }
    return answer("RETURNED", valid, message);
  }

  /** What was thrown, and where: for the host when a rule has thrown. */
  function told(thrown) {
    let trace = "";
    try {
      if (typeof thrown.stack === "string") trace = thrown.stack;
    } catch {
      // A rule throws what it likes.
    }
    const text = bounded(shown(thrown), MESSAGE_LENGTH_MAX);
    return stringify({ __proto__: null, text, trace: bounded(trace, MESSAGE_LENGTH_MAX) });
  }

  return { load, judge, callTimer, told };
});
