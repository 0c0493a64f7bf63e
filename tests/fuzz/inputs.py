"""One input: files, a command line, and what is typed; a pure function of a seed and a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from icfscore.cli.main import COMMANDS
from tests.fuzz.commands import command_line
from tests.fuzz.corpus import Seed
from tests.fuzz.mutate import mutated, nudged
from tests.fuzz.projects import Made, as_csv, as_parquet, project, spelt
from tests.fuzz.values import HOSTILE_NUMBERS, HOSTILE_TEXTS, UNITS, allowed, number, text

STRUCTURED, GENTLE = 0.35, 0.12
COSTLY = [name for name in COMMANDS if name not in ("validate", "import", "init", "add", "methods")]
_ANSWERS = (
    "1",
    "2",
    "y",
    "n",
    "s",
    "b",
    "q",
    "",
    "?",
    "0",
    "99",
    "-1",
    "yes",
    "no",
    "5.5",
    "1e999",
    "x",
)
# Commands that read a file beside the project, by that file.
_KEPT = ["uncertainty", "-C", "p", "--draws", "20", "--seed", "1", "--checkpoint", "in/draws.ckpt"]
_READ_BY = {"changes.yaml": "whatif", "plan.yaml": "plan", "assess.xlsx": "assess"}


@dataclass(frozen=True, slots=True)
class Input:
    """What one run is given.

    Attributes
    ----------
    kind
        ``structured`` or ``mutated``.
    form
        Which format was generated or mutated.
    """

    number: int
    kind: str
    form: str
    files: dict[str, bytes]
    words: list[str]
    typed: str


def make(seed: int, count: int, seeds: Sequence[Seed]) -> Input:
    """Make the input of a number: the same one every time."""
    r = Random(f"{seed}:{count}")  # noqa: S311 - no secret
    if r.random() < STRUCTURED or not seeds:
        return structured(r, count)
    return of_seed(r, count, r.choice(seeds))


def make_or_nothing(seed: int, count: int, seeds: Sequence[Seed]) -> Input:
    """Make an input; where that fails, which is a fault of this harness, one without words."""
    try:
        return make(seed, count, seeds)
    except Exception as error:  # noqa: BLE001 - the run goes on, and the report names the input
        return Input(count, "harness", repr(error)[:80], {}, ["--no-input"], "")


def structured(r: Random, count: int = 0) -> Input:
    """Make a random project, the tables that the command line names, and the command line."""
    made = project(r)
    tables = {f"in/{name}": b"" for name in _TABLES}
    words = command_line(r, replace(made, files=tables))
    wanted = [name for name in tables if name in words]
    beside = {name: _TABLES[name.removeprefix("in/")](r, made) for name in wanted}
    form = wanted[0].removeprefix("in/") if wanted else "project"
    return Input(count, "structured", form, made.files | beside, words, _typed(r))


def of_seed(r: Random, count: int, seed: Seed) -> Input:
    """Change one or two of a valid project's files, and choose a command that reads them."""
    made = seed.made
    if r.random() < GENTLE:
        return _gentle(r, count, made)
    beside = [name for name in made.files if name.startswith("in/")]
    if beside and r.random() < 0.3:
        name = r.choice(beside)
        command = _READ_BY.get(name.removeprefix("in/"), "import")
        words = command_line(r, replace(made, files={name: b""}), command)
        words = _naming(r, words, name, command)
    else:
        name = r.choice([each for each in made.files if not each.startswith("in/")])
        words = command_line(r, made)
    used = {
        each: raw for each, raw in made.files.items() if not each.startswith("in/") or each in words
    }
    files = used | {name: mutated(r, name, made.files[name])}
    if r.random() < 0.15:
        more = r.choice(sorted(used))
        files[more] = mutated(r, more, files[more])
    return Input(count, "mutated", _form(name), files, words, _typed(r))


def _gentle(r: Random, count: int, made: Made) -> Input:
    """Change numbers only, so that a command that computes for long has something to compute."""
    own = {name: raw for name, raw in made.files.items() if not name.startswith("in/")}
    name = r.choice([each for each in own if each.endswith(".yaml")])
    words = command_line(r, made, r.choice(COSTLY), gently=True)
    return Input(count, "nudged", _form(name), own | {name: nudged(r, own[name])}, words, _typed(r))


def _naming(r: Random, words: list[str], name: str, command: str) -> list[str]:
    """Make sure that the command reads the file."""
    if name in words:
        return words
    flag = {"whatif": "--file", "plan": "--settings", "assess": "--import"}.get(command)
    if name == "in/draws.ckpt":
        return _KEPT
    if name == "in/mapping.yaml":
        return ["import", "in/wide.csv", "--mapping", name, *words[2:]]
    if name in ("in/iMeta.csv", "in/iData.csv"):
        return ["import", "in/iData.csv", "--meta", "in/iMeta.csv", "-C", r.choice(["p", "new"])]
    return [words[0], name, *words[2:]] if flag is None else [*words, flag, name]


def _form(name: str) -> str:
    folder, _, last = name.rpartition("/")
    suffix = last.rpartition(".")[2]
    if folder == "in":
        return last if suffix in ("yaml", "ckpt") or last.startswith("i") else f"table .{suffix}"
    if suffix != "yaml":
        return f"communities/*.{suffix}"
    return name if last in ("icfscore.yaml", "sources.yaml") else f"{folder}/*.yaml"


def _typed(r: Random) -> str:
    return "\n".join(
        r.choice(_ANSWERS if r.random() < 0.9 else HOSTILE_TEXTS) for _ in range(r.randrange(12))
    )


def _wide(r: Random, made: Made) -> list[list[object]]:
    columns = [*r.sample(made.indicators, r.randint(1, len(made.indicators)))]
    columns += r.sample(
        ["year", "source", "parent", "region", "note", "x0.year", "x0.unit", "Nowhere", ""],
        r.randrange(3),
    )
    rows: list[list[object]] = [["id", "name", *columns]]
    rows += [
        [community, text(r), *(_cell(r) for _ in columns)]
        for community in [*made.communities, "brand_new"]
    ]
    return rows


def _long(r: Random, made: Made) -> list[list[object]]:
    rows: list[list[object]] = [["community", "indicator", "value", "year", "source", "unit"]]
    for _ in range(r.randrange(12)):
        community, indicator = r.choice(made.communities), r.choice(made.indicators)
        rows.append(
            [
                community,
                indicator,
                _cell(r),
                r.choice([2016, 2018, None]),
                "s",
                r.choice(["", *UNITS]),
            ]
        )
    return rows


def _cell(r: Random) -> object:
    pick = r.random()
    if pick < 0.7:
        return number(r)
    if pick < 0.8:
        return None
    return r.choice(HOSTILE_NUMBERS if pick < 0.9 else HOSTILE_TEXTS)


def _xlsx(rows: list[list[object]]) -> bytes:
    import io

    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(
            [ILLEGAL_CHARACTERS_RE.sub("", each) if isinstance(each, str) else each for each in row]
        )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _meta(r: Random, made: Made) -> list[list[object]]:
    head = ["Level", "iCode", "iName", "Direction", "Weight", "Unit", "Type", "Parent"]
    kinds = [
        "Indicator",
        "Indicator",
        "Indicator",
        "Aggregate",
        "Denominator",
        "Group",
        "Other",
        "",
    ]
    rows: list[list[object]] = [[*head], [2, "Index", "I", 1, 1, "Score", "Aggregate", "NA"]]
    for name in made.indicators:
        row = [
            1,
            name,
            text(r),
            r.choice([1, -1, 0]),
            number(r),
            r.choice(UNITS),
            r.choice(kinds),
            "Index",
        ]
        rows.append([_cell(r) if r.random() < 0.05 else cell for cell in row])
    return rows


def _entry(name: str) -> object:
    return lambda r, made: spelt(r, allowed(r, name, names={"": made.ids}, odd=0.03))


def _changes(r: Random, made: Made) -> bytes:
    cells = {
        r.choice(made.ids): {r.choice(made.ids): number(r) for _ in range(2)} for _ in range(2)
    }
    return spelt(r, cells)


def _planning(r: Random, made: Made) -> bytes:
    names = made.indicators
    return spelt(r, {"costs": {r.choice(names): number(r)}, "limits": {r.choice(names): [number(r), None]},
                     "fixed": [r.choice(names)], "free": [r.choice(names)]})  # fmt: skip


_TABLES = {
    "wide.csv": lambda r, made: as_csv(_wide(r, made), r.choice(",,;\t")),
    "long.csv": lambda r, made: as_csv(_long(r, made), r.choice(",,;\t")),
    "wide.xlsx": lambda r, made: _xlsx(_wide(r, made)),
    "long.xlsx": lambda r, made: _xlsx(_long(r, made)),
    "wide.parquet": lambda r, made: as_parquet(_wide(r, made)),
    "iData.csv": lambda r, made: as_csv(
        [["uName", "uCode", *made.indicators], *_wide(r, made)[1:]]
    ),
    "iMeta.csv": lambda r, made: as_csv(_meta(r, made)),
    "mapping.yaml": _entry("mapping"),
    "changes.yaml": _changes,
    "plan.yaml": _planning,
}
