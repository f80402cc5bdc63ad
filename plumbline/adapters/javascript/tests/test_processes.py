"""The processes of the rules: what the kernel lets them do, what happens when one dies, and many runs at once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plumbline.adapters.javascript import pool, worker
from plumbline.adapters.javascript.pool import JavaScriptRules
from plumbline.adapters.javascript.worker import GRACE_SECONDS
from plumbline.settings import RuleSettings
from plumbline.validations.errors import RulesBusy
from plumbline.validations.ports import Ending, RuleAnswer, RuleCode

from .conftest import MOMENT, PAYLOAD

FINE = RuleCode("fine", "exports.validate = (data) => ({ valid: true, message: String(data.items.length) });")
ENDLESS = RuleCode("endless", "exports.validate = () => { while (true); };")


def judged(runner: JavaScriptRules, *rules: RuleCode) -> list[RuleAnswer]:
    return runner.run(rules, PAYLOAD, moment=MOMENT)


def is_alive(process: int) -> bool:
    """A child that has ended and was not waited for counts as gone."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1][0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition: object, seconds: float = 5.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_the_process_has_no_environment_no_files_and_no_rights(rules: JavaScriptRules) -> None:
    judged(rules, FINE)
    [process] = rules.process_ids
    here = Path("/proc") / str(process)
    variables = [each.split("=")[0] for each in (here / "environ").read_text(encoding="utf-8").split("\0") if each]
    assert set(variables) <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    assert {int(each.name) for each in (here / "fd").iterdir()} == {0, 1, 2}
    assert (here / "cwd").readlink() == Path("/")
    limits = (here / "limits").read_text(encoding="utf-8")
    for what in ("core file size", "file size", "open files", "processes"):
        assert re.search(rf"Max {what}\s+0\s+0", limits), limits
    assert not re.search(r"Max cpu time\s+unlimited", limits)
    assert not re.search(r"Max data size\s+unlimited", limits)
    status = (here / "status").read_text(encoding="utf-8")
    assert "NoNewPrivs:\t1" in status
    assert os.getpriority(os.PRIO_PROCESS, process) > os.getpriority(os.PRIO_PROCESS, 0)


def test_the_process_has_no_network_where_the_system_permits(rules: JavaScriptRules) -> None:
    if subprocess.run(["unshare", "--net", "--map-current-user", "true"], capture_output=True).returncode != 0:
        pytest.skip("this system lets nobody leave its network")
    judged(rules, FINE)
    [process] = rules.process_ids
    devices = Path(f"/proc/{process}/net/dev").read_text(encoding="utf-8").splitlines()[2:]
    assert [each.split(":")[0].strip() for each in devices] == ["lo"]
    assert Path(f"/proc/{process}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_a_process_killed_in_the_middle_fails_its_rule_and_no_other(rules: JavaScriptRules) -> None:
    judged(rules, FINE)
    killer = threading.Timer(0.5, os.kill, (rules.process_ids[0], signal.SIGKILL))
    killer.start()
    before, killed, after = judged(rules, FINE, ENDLESS, FINE)
    assert (before.ended, before.valid) == (Ending.RETURNED, True)
    assert (killed.ended, killed.valid, killed.message) == (Ending.KILLED, None, "The process that ran the rule died.")
    assert (after.ended, after.valid, after.message) == (Ending.RETURNED, True, "2")


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGALRM, signal.SIGXCPU], ids=lambda each: each.name)
def test_a_process_that_ended_between_runs_costs_no_rule(rules: JavaScriptRules, by: signal.Signals) -> None:
    """By others, by itself when nobody asked for long, or by the kernel."""
    judged(rules, FINE)
    [process] = rules.process_ids
    os.kill(process, by)
    wait_until(lambda: not is_alive(process))
    assert [each.valid for each in judged(rules, FINE)] == [True]
    assert rules.process_ids != [process]


def test_a_process_that_does_not_answer_is_killed_in_time() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=1.0, processes=1))
    judged(runner, FINE)
    [process] = runner.process_ids
    frozen = threading.Timer(0.2, os.kill, (process, signal.SIGSTOP))
    frozen.start()
    stuck, after = judged(runner, ENDLESS, FINE)
    assert stuck.ended is Ending.TIMED_OUT
    assert 1.0 + GRACE_SECONDS <= stuck.seconds < 1.0 + GRACE_SECONDS + 0.2
    assert after.valid is True
    assert not is_alive(process)
    runner.close()


def test_a_process_ends_when_its_server_is_gone() -> None:
    program = (
        "import os, datetime\n"
        "from plumbline.adapters.javascript.pool import JavaScriptRules\n"
        "from plumbline.settings import RuleSettings\n"
        "from plumbline.validations.ports import RuleCode\n"
        "rules = JavaScriptRules(RuleSettings(processes=1))\n"
        "rules.run([RuleCode('x', '')], {}, moment=datetime.datetime.now(datetime.UTC))\n"
        "print(rules.process_ids[0], flush=True)\n"
        "os._exit(0)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    wait_until(lambda: not is_alive(int(told.stdout)))


def test_closing_ends_the_processes_and_a_later_run_starts_new_ones() -> None:
    runner = JavaScriptRules(RuleSettings(processes=1))
    assert runner.process_ids == [], "nothing is started before the first rule"
    judged(runner, FINE)
    [process] = runner.process_ids
    runner.close()
    assert not is_alive(process)


def test_a_process_is_replaced_after_some_hundred_rules(
    rules: JavaScriptRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RULES_PER_PROCESS_MAX", 5)
    judged(rules, FINE)
    [process] = rules.process_ids
    judged(rules, *[FINE] * 5)
    judged(rules, FINE)
    assert rules.process_ids != [process]


def test_runs_at_once_share_the_processes_and_nothing_else() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=5.0, processes=2))
    code = """
        exports.validate = async (data) => {
          await new Promise((resolve) => setTimeout(resolve, 10));
          let sum = 0; for (let i = 0; i < 20000; i++) sum += i % 7;
          console.log(data.change_order.name);
          return { valid: data.items.length === data.change_order.count, message: data.change_order.name };
        };
        """

    def one(number: int) -> list[RuleAnswer]:
        payload = {"change_order": {"name": f"ECO-{number}", "count": number}, "items": [{}] * number}
        return runner.run([RuleCode("own", code)] * 3, payload, moment=MOMENT)

    with ThreadPoolExecutor(3) as threads:
        runs = list(threads.map(one, range(40)))
    assert len(runner.process_ids) == 2
    for number, answers in enumerate(runs):
        assert [(each.valid, each.message, each.logs[0].text) for each in answers] == [
            (True, f"ECO-{number}", f"ECO-{number}")
        ] * 3
    runner.close()


def test_who_finds_all_processes_at_work_and_others_waiting_is_turned_away() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=2.0, processes=1))
    judged(runner, FINE)
    with ThreadPoolExecutor(2) as threads:
        at_work, waiting = [threads.submit(judged, runner, ENDLESS) for _ in range(2)]
        time.sleep(0.3)
        began = time.monotonic()
        with pytest.raises(RulesBusy) as refusal:
            judged(runner, FINE)
        assert time.monotonic() - began < 1.0
        assert refusal.value.retry_after >= 1
        assert {each.result()[0].ended for each in (at_work, waiting)} == {Ending.TIMED_OUT}
    assert judged(runner, FINE)[0].valid is True
    runner.close()


def test_a_hostile_run_does_not_hold_up_another() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=3.0, processes=2))
    judged(runner, FINE)
    with ThreadPoolExecutor(1) as threads:
        hostile = threads.submit(judged, runner, ENDLESS)
        time.sleep(0.1)
        began = time.monotonic()
        assert judged(runner, FINE)[0].valid is True
        assert time.monotonic() - began < 2.5
        assert not hostile.done()
        assert hostile.result()[0].ended is Ending.TIMED_OUT
    runner.close()


def test_a_run_that_finds_no_process_free_fails_its_rules_in_the_end() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=2.0, run_seconds=0.5, processes=1))
    judged(runner, FINE)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(judged, runner, ENDLESS)
        time.sleep(0.1)
        late = judged(runner, FINE)[0]
        assert (late.ended, late.message) == (
            Ending.TIMED_OUT,
            "The rule did not run: no process was free for 0.5 s.",
        )
        assert busy.result()[0].ended is Ending.TIMED_OUT
    assert judged(runner, FINE)[0].valid is True
    runner.close()


def test_rules_that_take_all_the_time_of_a_run_leave_the_others_failed() -> None:
    runner = JavaScriptRules(RuleSettings(seconds=1.0, run_seconds=1.5, processes=1))
    judged(runner, FINE)
    answers = judged(runner, FINE, *[ENDLESS] * 4, FINE)
    assert [each.ended for each in answers] == [Ending.RETURNED, *[Ending.TIMED_OUT] * 5]
    assert answers[1].message == "The rule ran for more than 1 s."
    assert answers[-1].message == "The rule did not run: those before it took all of 1.5 s."
    runner.close()


@pytest.mark.parametrize("mebibytes", [3, 12, 40], ids=lambda size: f"{size} MiB of text")
def test_a_change_order_that_does_not_fit_fails_its_rules(mebibytes: int) -> None:
    runner = JavaScriptRules(RuleSettings(memory_mebibytes=16, processes=1))
    item = {"name": "Bracket", "numbers": list(range(50))}
    payload = {"items": [item] * (mebibytes * (1 << 20) // 220)}
    answers = runner.run([FINE, FINE], payload, moment=MOMENT)
    assert [each.ended for each in answers] == [Ending.OUT_OF_MEMORY] * 2
    assert answers[0].message == "The change order does not fit into the memory of a rule, which is 16 MiB."
    assert judged(runner, FINE)[0].valid is True
    runner.close()


@pytest.mark.parametrize("cache", ["", "/proc/nowhere", "shared"])
def test_without_a_safe_place_for_the_compiled_engine_it_is_compiled_again(
    cache: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cache == "shared":
        folder = tmp_path / "plumbline"
        folder.mkdir()
        folder.chmod(0o777)
        cache = str(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.delenv("HOME")
    runner = JavaScriptRules(RuleSettings(processes=1))
    assert judged(runner, FINE)[0].valid is True
    assert list(tmp_path.rglob("*.cwasm")) == []
    runner.close()


def test_a_compiled_engine_is_kept_and_a_spoiled_one_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    runner = JavaScriptRules(RuleSettings(processes=1))
    judged(runner, FINE)
    runner.close()
    [kept] = tmp_path.rglob("*.cwasm")
    size = kept.stat().st_size
    kept.write_bytes(b"something else")
    again = JavaScriptRules(RuleSettings(processes=1))
    assert judged(again, FINE)[0].valid is True
    assert kept.stat().st_size == size
    again.close()


LIAR = """
import os, struct, sys
def say(content): os.write(1, struct.pack("<I", len(content)) + content)
def hear():
    length = struct.unpack("<I", os.read(0, 4))[0]
    while length: length -= len(os.read(0, length))
say(b"ready")
hear(); say(b"loaded")
hear(); {lie}
sys.stdin.read()
"""
LIES = {
    "no JSON": "say(b'{')",
    "something else": "say(b'[]')",
    "another ending": 'say(b\'{"ended":"PASSED","valid":true,"message":null,"logs":[],"seconds":0,"trace":""}\')',
    "a text for valid": 'say(b\'{"ended":"RETURNED","valid":"true","message":null,"logs":[],"seconds":0,"trace":""}\')',
    "a number for a message": 'say(b\'{"ended":"RETURNED","valid":true,"message":7,"logs":[],"seconds":0,"trace":""}\')',
    "a number for a line": (
        'say(b\'{"ended":"RETURNED","valid":true,"message":null,"logs":[{"kind":"log","text":7}],"seconds":0,"trace":""}\')'
    ),
    "no logs": 'say(b\'{"ended":"RETURNED","valid":true,"message":null,"seconds":0,"trace":""}\')',
    "a message without end": (
        'say(b\'{"ended":"RETURNED","valid":true,"message":"\' + b"x" * 20000 + b\'","logs":[],"seconds":0,"trace":""}\')'
    ),
    "a length without end": "os.write(1, b'\\xff' * 4)",
    "half an answer": "os.write(1, struct.pack('<I', 100) + b'{'); os._exit(0)",
    "nothing": "os._exit(0)",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_process_that_says_what_none_says_is_taken_for_dead(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an attacker could do who broke out of the engine: no more than to fail the rule."""
    runner = JavaScriptRules(RuleSettings(processes=1))
    honest = worker._command
    monkeypatch.setattr(worker, "_command", lambda _: [sys.executable, "-c", LIAR.replace("{lie}", lie)])
    lied = judged(runner, FINE)[0]
    assert (lied.ended, lied.valid) == (Ending.KILLED, None)
    assert runner.process_ids == []
    monkeypatch.setattr(worker, "_command", honest)
    assert judged(runner, FINE)[0].valid is True
    runner.close()
