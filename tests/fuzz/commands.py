"""Command lines: every command with its own options, as click knows them, right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import click

from icfscore.cli.main import COMMANDS, cli
from icfscore.recipe import STAGES, UNCERTAINTIES, method_classes
from tests.fuzz.projects import Made
from tests.fuzz.values import HOSTILE_NUMBERS, HOSTILE_TEXTS, UNITS

# How often each command is chosen. What draws charts or pages costs a hundred times as much as
# what reads and ranks, and is chosen as much less often.
SHARES = {"validate": 300, "rank": 200, "import": 60, "whatif": 20, "export": 20, "panel": 20, "funnel": 15,
          "uncertainty": 15, "profile": 10, "compare": 10, "plan": 10, "scenarios": 15, "backtest": 10,
          "assess": 12, "add": 25, "methods": 3, "init": 2, "sensitivity": 4, "audit": 4, "explore": 3,
          "chart": 4, "report": 2}  # fmt: skip
CHARTS = ("ranking", "contributions", "acceptability", "pairwise", "profile", "indicators", "tornado",
          "stability", "drivers", "scenarios", "correlations", "indicator_correlations", "framework")  # fmt: skip
PATHS = (
    "focus", "reference_year", "max_age", "proxies", "weights.c1", "weights.x0", "uncertainty.seed",
    "uncertainty.weights.kind", "uncertainty.data.sd", "uncertainty.weights.concentration", "plan.costs.x0",
    "recipe.screening.min_indicator_coverage", "recipe.aggregation.at.c1.kind", "recipe.imputation.by",
    "recipe.normalisation.except.x0.kind", "recipe.aggregation.at_depth.1.kind", "recipe", "lists", "means.income",
    "uncertainty.alternatives.aggregation", "recipe.weighting.order", "recipe.aggregation.exponent", "", ".", "a.b",
    "recipe.", "recipe..kind", "scenarios", "stages", "recipe.normalisation.low", "recipe.imputation.k",
)  # fmt: skip
VALUES = (
    "1", "0", "-1", "0.5", "2", "null", "true", "[1, 2]", "[]", "{}", "{kind: mean}", "{a: 1}", "x0", "m0", "c1",
    "[[arithmetic, geometric]]", "[arithmetic, median]", "all", "income", "size", "&a [*a]", "*a", "!!x 1", "[", "{", "'",
)  # fmt: skip


def command_line(
    r: Random, made: Made, name: str | None = None, *, gently: bool = False
) -> list[str]:
    """Draw a command line for a project that lies in the folder `p`; gently, few options of it."""
    chosen = name or r.choices([*SHARES], [*SHARES.values()])[0]
    command = cli.get_command(click.Context(cli), chosen)
    assert command is not None, f"{chosen} is none of {list(COMMANDS)}"
    words = [chosen]
    if isinstance(command, click.Group):
        chosen = r.choice(list(command.commands))
        words.append(chosen)
        command = command.commands[chosen]
    options = [each for each in command.params if isinstance(each, click.Option)]
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    drawn = _Words(r, made, words[0], gently)
    for argument in arguments:
        if argument.required or r.random() < 0.7:
            words += drawn.argument(argument)
    rate = 0.03 if gently else r.choice([0.05, 0.15, 0.3])
    for option in options:
        if option.name == "project":
            words += (
                ["-C", "p"]
                if r.random() < 0.99
                else ["-C", r.choice([".", "none", "p/criteria", ""])]
            )
        elif option.name == "draws":
            words += [option.opts[0], r.choice(["0", "0", "2", "5", "30"])]
        elif option.name == "schemas" and r.random() < 0.95:  # a second each
            continue
        elif option.name in ("engine", "scheduler"):  # clusters take seconds, and reach elsewhere
            words += ["--engine", r.choice(["local", "local", "x"])] if r.random() < rate else []
        elif option.required or r.random() < (
            0.8 if option.name in ("source", "output") and not gently else rate
        ):
            words += drawn.option(option)
    if r.random() < 0.01:
        words.insert(r.randrange(len(words) + 1), r.choice([*HOSTILE_TEXTS, "--no-such", "-Z"]))
    return [word.replace("\0", "") for word in words]  # no system passes it on


class _Words:
    def __init__(self, r: Random, made: Made, command: str, gently: bool) -> None:
        self.gently = gently
        self.r = r
        self.made = made
        self.command = command

    def argument(self, argument: click.Argument) -> list[str]:
        r = self.r
        count = 1 if argument.nargs == 1 else r.randint(1 + self.gently, 3)
        return [self._argument() for _ in range(count)]

    def _argument(self) -> str:
        r = self.r
        if self.command == "import":
            tables = [name for name in self.made.files if name.startswith("in/")]
            return r.choice(tables or ["in/none.csv"])
        if self.command == "export":
            return r.choice(
                ["-", *(f"out.{each}" for each in ("json", "xlsx", "csv", "parquet", "txt"))]
            )
        if self.command == "chart":
            return r.choice([*CHARTS, *CHARTS, "no"])
        if self.command == "methods":
            return r.choice([*_KINDS, *STAGES, "no"])
        if self.command in ("init", "assess"):
            return r.choice(["new", "p", "a/b"])
        if self.command == "add":
            return self.name() if r.random() < 0.2 else r.choice(["new_one", "x9", "s9", "m0", "A"])
        odd = r.random() < (0.02 if self.gently else 0.2)
        return self.name() if odd else r.choice(self.made.communities or ["m0"])

    def name(self) -> str:
        """Draw a name, now and then of nothing."""
        return self.r.choice(self.made.ids if self.r.random() < 0.9 else HOSTILE_TEXTS)

    def option(self, option: click.Option) -> list[str]:
        r = self.r
        flag = option.opts[-1]
        if option.is_flag:
            return [flag]
        if option.nargs > 1:
            return [flag, *(r.choice([*VALUES, *HOSTILE_NUMBERS]) for _ in range(option.nargs))]
        times = r.randint(1, 3) if option.multiple else 1
        return [word for _ in range(times) for word in (flag, self._value(option))]

    def _value(self, option: click.Option) -> str:
        r = self.r
        if r.random() < 0.02:
            return r.choice([*HOSTILE_TEXTS, *HOSTILE_NUMBERS])
        if isinstance(option.type, click.Choice):
            return r.choice(list(option.type.choices)) if r.random() < 0.97 else "odd"
        named = self._named(option.name or "")
        if named is not None:
            return named
        if isinstance(option.type, click.IntRange | click.types.IntParamType):
            return r.choice(["0", "1", "2", "3", "7", "-1", "x", "300"])
        if isinstance(option.type, click.FloatRange | click.types.FloatParamType):
            return r.choice(["0.5", "0.9", "1", "0", "2", "nan", "inf", "0.05"])
        return self.name()

    def _named(self, name: str) -> str | None:
        """Draw what an option of this name asks for; None where its type says enough."""
        r, made = self.r, self.made
        number = r.choice(["1", "0", "2", "0.5", "50", "-1", r.choice(HOSTILE_NUMBERS)])
        choices: dict[str, Sequence[str]] = {
            "assignments": [self._assignment()],
            "weights": [f"{self.name()}={number}", f"{self.name()}={r.choice(VALUES)}"],
            "changes": [f"{self.name()}.{self.name()}={r.choice([number, r.choice(VALUES)])}"],
            "change": [f"{self.name()}.{self.name()}={r.choice([number, r.choice(VALUES)])}"],
            "year": ["2018", "2016", "2016..2018", "2018..2016", "1..99", "0", "99999", "2016.."],
            "scenario": [*made.scenarios, "one"],
            "files": ["in/changes.yaml"], "settings_file": ["in/plan.yaml"], "mapping": ["in/mapping.yaml"],
            "meta": ["in/iMeta.csv", "in/wide.csv"], "filled": ["in/assess.xlsx", "in/filling.xlsx"],
            "costs": [f"{self.name()}={number}"],
            "limits": [f"{self.name()}={a}..{b}" for a in ("", "1") for b in ("50", number)],
            "columns": [f"{r.choice(['id', 'name', self.name()])}={r.choice(['id', 'name', 'x0', 'a b'])}"],
            "output": [f"out.{each}" for each in ("svg", "html", "json", "md", "csv", "xlsx")] + ["-", "p", "no/x"],
            "target": ["out.xlsx", "out.csv"], "precision": ["0.5", "0.2", "2", "x"], "jobs": ["1"],
            "source": ["s", "s", "census", "new"], "sheets": ["Sheet1", "iData", "x"], "header": ["1", "2", "x"],
            "unit": UNITS, "schemas": ["out"], "list_name": ["top7", "smart21"], "of_year": ["2019", "2018"],
            "checkpoint": ["out.ckpt", "in/draws.ckpt", "p"],
            "names": ["New", "vi=Mới", "=", "en=", "xx=A"], "groups": ["income=high", "x", "="],
            "framework": ["icf-self-assessment", "none"], "width": ["200", "400", "10001"],
        }  # fmt: skip
        return r.choice(choices[name]) if name in choices else None

    def _assignment(self) -> str:
        r = self.r
        if r.random() < 0.6:
            stage = r.choice([*STAGES])
            return f"recipe.{stage}.kind={r.choice([*method_classes(STAGES[stage])])}"
        path = r.choice(PATHS)
        return f"{path}={r.choice([*VALUES, r.choice(HOSTILE_NUMBERS)])}"


_KINDS = [
    kind
    for unions in (STAGES, UNCERTAINTIES)
    for union in unions.values()
    for kind in method_classes(union)
]
