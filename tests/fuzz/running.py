"""Running one input in this process, and saying what came of it."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import time
import traceback
import warnings
from contextlib import chdir
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType

from click.testing import CliRunner

from icfscore.cli.main import cli
from tests.fuzz.corpus import write
from tests.fuzz.inputs import Input

MOST_SECONDS = 10  # of the processor: others may have it in between
MOST_BYTES = 10**9
_FRAME = re.compile(r'File "[^"]*/(icfscore/[^"]+)", line (\d+)')


class HungError(BaseException):
    """Raised by the alarm; no `except Exception` catches it."""


@dataclass(slots=True)
class Outcome:
    """What came of one input.

    Attributes
    ----------
    fault
        What is wrong with it, in a line; empty where nothing is.
    seconds, peak
        Of the processor; bytes of memory.
    warned
        Python's warnings that reached the user, by place.
    """

    number: int
    kind: str
    form: str
    command: str
    status: int = -1
    seconds: float = 0.0
    peak: int = 0
    fault: str = ""
    details: str = ""
    warned: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Give its fields."""
        return asdict(self)


def run(given: Input, folder: Path) -> Outcome:
    """Write an input's files below a folder and run its command there."""
    outcome = Outcome(given.number, given.kind, given.form, given.words[0])
    place = folder / "run"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    write(place, given.files)
    _reset_peak()
    started = time.process_time()
    with chdir(place), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        _invoke(given, outcome)
    outcome.seconds = time.process_time() - started
    outcome.peak = _peak()
    outcome.warned = tuple(
        sorted({f"{w.category.__name__}: {w.message} ({_short(w)})" for w in caught})
    )
    if outcome.peak > MOST_BYTES and not outcome.fault:
        outcome.fault = "memory: above 1 GB"
    return outcome


def _invoke(given: Input, outcome: Outcome) -> None:
    def alarm(number: int, frame: FrameType | None) -> None:
        raise HungError

    before = signal.signal(signal.SIGPROF, alarm)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        result = CliRunner().invoke(cli, given.words, input=given.typed)
    except HungError:
        outcome.fault = f"time: above {MOST_SECONDS} s"
        outcome.details = traceback.format_exc()
        return
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    outcome.status = result.exit_code
    error = result.exception
    if isinstance(error, OSError) and error.strerror:
        outcome.status = 1  # `main` says what the system refuses
    elif error is not None and not isinstance(error, SystemExit):
        outcome.details = "".join(traceback.format_exception(*result.exc_info))
        places = _FRAME.findall(outcome.details)
        where = ":".join(places[-1]) if places else "elsewhere"
        outcome.fault = f"traceback: {type(error).__name__} at {where}"
    elif result.exit_code not in (0, 1, 2):
        outcome.fault = f"status: {result.exit_code}"
    elif "Traceback (most recent" in result.output:
        outcome.fault, outcome.details = "traceback: printed", result.output
    elif result.exit_code and not result.output.strip() and "--output" not in given.words:
        outcome.fault = f"silent: status {result.exit_code} and no word"
    elif result.exit_code == 0 and _claims_json(given.words):
        _check_json(result.stdout, outcome)


def _claims_json(words: list[str]) -> bool:
    """Tell whether standard output must be JSON."""
    asked = [value for name, value in pairwise(words) if name == "--format"]
    on_stdout = not {"-o", "--output", "--help", "-h"} & set(words)
    return on_stdout and asked[-1:] == ["json"] and words[0] != "export"


def _check_json(text: str, outcome: Outcome) -> None:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError as error:
        outcome.fault = f"json: {outcome.command}: {str(error)[:60]}"
        outcome.details = text[:2000]


def _short(warning: warnings.WarningMessage) -> str:
    return f"{'/'.join(Path(warning.filename).parts[-3:])}:{warning.lineno}"


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # not Linux, or not allowed: the peak is then that of the process so far
        return


def _peak() -> int:
    """Measure the largest resident memory since the last reset, in bytes."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    if found is not None:
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def limit_memory(most: int = 4 * MOST_BYTES) -> None:
    """Keep a runaway input from taking the machine down; it then fails with a MemoryError."""
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
