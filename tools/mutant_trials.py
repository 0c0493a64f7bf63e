"""Tries mutants: in forks of a session that has collected the tests, and runs what covers them."""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib.machinery
import json
import os
import resource
import shutil
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from hypothesis import Phase, settings
from tools.mutations import mutations

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("tests/methods", "tests/golden", "tests/laws", "tests/files/test_panels.py")
TESTS += ("tests/pipeline", "tests/test_every_method.py", "src/icfscore/methods")
OPTIONS = ["-q", "-s", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
OPTIONS += [f"-pno:{plugin}" for plugin in ("randomly", "cacheprovider", "xdist")]
OPTIONS += ["--ignore=tests/pipeline/test_dask_engine.py"]  # its processes load the code anew
SURVIVED, KILLED, COLD = 0, 1, 2


@dataclass(frozen=True)
class Mutant:
    """One mutation of a sample: which of its file's, and the tests that run its lines."""

    path: str
    number: int
    kind: str
    what: str
    lines: tuple[int, int]
    function: bool
    tests: tuple[str, ...]
    seconds: float
    of_tests: int

    def source(self) -> CodeType:
        """Compile the changed file."""
        path = ROOT / self.path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        mutations(tree)[self.number].apply()
        return compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)


class Mapping:
    """Which tests run which line, and how long each takes, found by running them all once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.coverage = coverage.Coverage(
            data_file=None, source_pkgs=["icfscore"], config_file=False
        )
        self.seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test in a context of its own."""
        caches = _caches()
        for item, following in _in_turn(session.items):
            self.coverage.switch_context(item.nodeid)
            for each in caches:  # else the first test alone would run what is kept
                each.cache_clear()
            start = time.process_time()
            if _passes(item, following):
                self.seconds[item.nodeid] = time.process_time() - start
            else:
                print("fails without any change:", item.nodeid)
        self.coverage.stop()
        return True

    def run(self) -> None:
        """Run the tests and write the map."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
        self.coverage.start()
        pytest.main([*OPTIONS, *TESTS], plugins=[self])
        data = self.coverage.get_data()
        tests = list(self.seconds)
        number = {test: i for i, test in enumerate(tests)}
        lines = {
            str(Path(file).relative_to(ROOT)): {
                line: [number[test] for test in contexts if test in number]
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        found = {"tests": tests, "seconds": list(self.seconds.values()), "lines": lines}
        self.file.write_text(json.dumps(found), encoding="utf-8")


def _caches() -> list[_lru_cache_wrapper[Any]]:
    found = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)]
    return [each for each in found if str(each.__module__).startswith("icfscore")]


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    function = getattr(item, "function", None)
    now = getattr(function, "_hypothesis_internal_use_settings", None)
    if now is not None:  # a failing example need not be made small
        function._hypothesis_internal_use_settings = settings(  # noqa: SLF001
            now, phases=[Phase.explicit, Phase.generate], database=None
        )
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=following)
    return not any(report.failed for report in reports)


class Warm:
    """Runs mutants of functions in forks of a session that has collected all tests."""

    def __init__(self, mutants: Sequence[Mutant], report: int, workers: int) -> None:
        self.mutants, self.report, self.workers = mutants, report, workers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Share the mutants out among the workers."""
        self.items = {item.nodeid: item for item in session.items}
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType):
                self.functions[each.__code__.co_filename].append(each)
        for cache in _caches():
            cache.cache_clear()
        gc.freeze()
        _share_out(self.mutants, self.workers, self.report, self.try_one)
        return True

    def try_one(self, mutant: Mutant, say: int) -> int:
        """Change the functions of the file, in this process, and run the tests."""
        changed = {(c.co_qualname, c.co_firstlineno): c for c in _codes(mutant.source())}
        for function in self.functions[str(ROOT / mutant.path)]:
            code = changed.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
            if code is None or len(code.co_freevars) != len(function.__code__.co_freevars):
                return COLD
            function.__code__ = code
        return _run_until_one_fails([self.items[test] for test in mutant.tests], say)


def _run_until_one_fails(items: Sequence[pytest.Item], say: int) -> int:
    for item, following in _in_turn(items):
        if not _passes(item, following):
            os.write(say, item.nodeid.encode()[:4000])
            return KILLED
    return SURVIVED


def _chosen(items: Sequence[pytest.Item], tests: Sequence[str]) -> list[pytest.Item]:
    """Find tests by their ids; where a changed default changed an id, all of that function."""
    found = {item.nodeid: item for item in items}
    lost = {test.split("[")[0] for test in tests if test not in found}
    more = [item for item in items if item.nodeid.split("[")[0] in lost]
    return [found[test] for test in tests if test in found] + more


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def try_cold(mutant: Mutant, say: int) -> int:
    """Import the changed file in a process that has imported nothing of the package yet."""
    original, path = importlib.machinery.SourceFileLoader.get_code, str(ROOT / mutant.path)
    code = mutant.source()

    def get_code(self: Any, name: str) -> CodeType | None:
        return code if self.path == path else original(self, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    files = sorted({test.split("::")[0] for test in mutant.tests})
    places = sorted({TESTS[-1] if file.startswith("src") else file for file in files})

    class Chosen:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            os._exit(_run_until_one_fails(_chosen(session.items, mutant.tests), say))

    pytest.main([*OPTIONS, *places], plugins=[Chosen()])
    os.write(say, b"tests cannot be collected")
    return KILLED


def _share_out(mutants: Sequence[Mutant], workers: int, report: int, attempt: Any) -> None:
    turn, tickets = os.pipe()
    os.set_inheritable(turn, True)
    feeder = os.fork()
    if not feeder:
        os.close(turn)
        for i in range(len(mutants)):
            os.write(tickets, i.to_bytes(4, "little"))
        os._exit(0)
    os.close(tickets)
    children = []
    for _ in range(workers):
        child = os.fork()
        if not child:
            while ticket := os.read(turn, 4):
                mutant = mutants[int.from_bytes(ticket, "little")]
                os.write(report, (json.dumps(_judge(mutant, attempt)) + "\n").encode())
            os._exit(0)
        children.append(child)
    for child in (*children, feeder):
        os.waitpid(child, 0)


def _judge(mutant: Mutant, attempt: Any) -> dict[str, Any]:
    """Try a mutant in a fork, within limits, and say what became of it."""
    found = asdict(mutant) | {"tests": len(mutant.tests)}
    if not mutant.tests:
        return found | {"outcome": "survived", "by": "no test runs it", "took": 0.0}
    folder = tempfile.mkdtemp(prefix="mutant-")
    heard, say = os.pipe()
    start, limit = time.monotonic(), 10 + int(5 * mutant.seconds) + (0 if mutant.function else 30)
    child = os.fork()
    if not child:
        _limit(limit, folder)
        try:
            os._exit(attempt(mutant, say))
        except BaseException as error:  # noqa: BLE001
            os.write(say, repr(error).encode()[:4000])
            os._exit(KILLED)
    os.close(say)
    status = _wait(child, 8 * limit)
    with os.fdopen(heard, "rb") as stream:
        by = stream.read().decode(errors="replace")
    shutil.rmtree(folder, ignore_errors=True)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
    outcome = {SURVIVED: "survived", KILLED: "killed", COLD: "cold"}.get(code, "timeout")
    by = by or (f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "")
    return found | {"outcome": outcome, "by": by, "took": time.monotonic() - start}


def _limit(seconds: int, folder: str) -> None:
    os.setsid()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (6 * 2**30, 6 * 2**30))  # V8 reserves address space
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait(child: int, seconds: float) -> int:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def run(mutants: Sequence[Mutant], results: Path, workers: int) -> list[dict[str, Any]]:
    """Try all mutants: those of functions in a session that is warm, the others one by one."""
    report = os.open(results, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    warm = [mutant for mutant in mutants if mutant.function]
    session = os.fork()
    if not session:
        pytest.main([*OPTIONS, *TESTS], plugins=[Warm(warm, report, workers)])
        os._exit(0)
    os.waitpid(session, 0)
    again = {(each["path"], each["number"]) for each in _read(results) if each["outcome"] == "cold"}
    cold = [each for each in mutants if not each.function or (each.path, each.number) in again]
    _share_out(cold, workers, report, try_cold)
    return [each for each in _read(results) if each["outcome"] != "cold"]


def _read(results: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
