"""Put a payload into every free text of a project, and read all outputs back.

    python -m tests.robustness.injections --turns 26

At each turn every text gets another of the payloads: at as many turns as there are payloads, every
text has held every one. `--quick` leaves out what draws charts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.robustness.forked import command, fork, wait
from tests.robustness.hostile_texts import PAYLOADS, free_texts, write_harmless, write_project
from tests.robustness.outputs import harm_in, shapes_of

QUICK = """\
rank > rank.txt
rank --lang vi > rank.vi.txt
rank --format json > rank.json
rank --format csv > rank.csv
uncertainty --draws 50 > uncertainty.txt
uncertainty --draws 50 --format csv > uncertainty.csv
sensitivity --draws 64 > sensitivity.txt
whatif --change alpha.dust=5 > whatif.txt
whatif --change alpha.dust=5 --format csv > whatif.csv
whatif --change alpha.dust=5 --format markdown --draws 0 > whatif.md
plan alpha --top 1 > plan.txt
plan alpha --top 1 --format markdown > plan.md
profile --draws 0 > profile.txt
profile --draws 0 --format markdown > profile.md
compare alpha beta --draws 0 > compare.txt
compare alpha beta --draws 0 --format markdown > compare.md
scenarios > scenarios.txt
scenarios --format markdown > scenarios.md
panel > panel.txt
panel analysts --format markdown > panel.md
panel others --format json > panel.json
funnel --draws 50 > funnel.txt
funnel --draws 50 --format markdown > funnel.md
audit --draws 0 > audit.txt
audit --draws 0 --format markdown > audit.md
validate
export stages.json
export stages.xlsx
export wide.csv --layout wide
export long.csv --layout long
export long.json --layout long
export wide.xlsx --layout wide
export iData.csv --layout coinr
export coinr.xlsx --layout coinr
export filling.xlsx --for filling
assess --export questions.xlsx"""
SLOW = """\
explore -o explore.html
chart ranking -o ranking.svg
chart ranking -o ranking.html
chart profile -o profile.svg
chart framework -o framework.svg
report --draws 0
report --draws 0 --lang vi
report --format html --draws 0
report --format html --draws 0 --lang vi
report --format docx --draws 0
backtest > backtest.txt"""


def outputs(folder: Path, lines: str) -> Iterator[tuple[str, Path, bytes]]:
    """Run commands in a project, and give all they write and say.

    Raises
    ------
    AssertionError
        Where one ends with a status that is not 0, 1 or 2.
    """
    said = folder.with_suffix(".said")
    known = set(folder.rglob("*"))
    for line in lines.splitlines():
        arguments, _, target = line.partition(" > ")

        def run(arguments: str = arguments, target: str = target) -> None:
            os.chdir(folder)
            command(
                *arguments.split(), *(["-o", target] if target and "-o" not in arguments else [])
            )()

        outcome = wait(fork(run, said), said)
        assert outcome.status in (0, 1, 2), f"{line}: {outcome.said}"
        assert "Traceback" not in outcome.said, f"{line}: {outcome.said}"
        yield line, Path("said.txt"), outcome.said.encode()
        for path in sorted(set(folder.rglob("*")) - known):
            known.add(path)
            if path.is_file():
                yield line, path.relative_to(folder), path.read_bytes()


def harms(folder: Path, turn: int, lines: str, plain: dict[Path, set[str]]) -> Iterator[str]:
    """Plant the payloads of a turn, and list what comes through."""
    write_project(folder, turn)
    for line, path, raw in outputs(folder, lines):
        for harm in harm_in(path, raw, plain.get(path)):
            yield f"turn {turn}: {line}: {path}: {harm}"


def plain_shapes(folder: Path, lines: str) -> dict[Path, set[str]]:
    """List by page the elements and attributes there are with harmless texts, short or wrapped."""
    found: dict[Path, set[str]] = defaultdict(set)
    for words in (1, 20):
        shutil.rmtree(folder, ignore_errors=True)
        write_harmless(folder, words)
        for _, path, raw in outputs(folder, lines):
            if path.suffix in (".html", ".svg"):
                found[path] |= shapes_of(raw.decode())
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at as many turns as asked; 1 where something came through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=len(PAYLOADS))
    parser.add_argument("--first", type=int, default=0, help="the turn to begin with")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)
    lines = QUICK if given.quick else f"{QUICK}\n{SLOW}"
    found = 0
    with tempfile.TemporaryDirectory() as scratch:
        plain = plain_shapes(Path(scratch) / "plain", lines)
        for turn in range(given.first, given.first + given.turns):
            folder = Path(scratch) / "hostile"
            shutil.rmtree(folder, ignore_errors=True)
            for harm in harms(folder, turn, lines, plain):
                found += 1
                sys.stdout.write(f"{harm}\n")
                sys.stdout.flush()
    n = sum(map(len, free_texts().values()))
    sys.stdout.write(
        f"{n} kinds of free text, {len(PAYLOADS)} payloads, {len(lines.splitlines())} commands,"
        f" {given.turns} turns: {found} came through\n"
    )
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
