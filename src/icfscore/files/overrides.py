"""Settings as a run uses them: the file's, then a scenario, then the command line's options."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from icfscore.domain.criteria import CriteriaTree
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.entries import YEARS
from icfscore.files.folder_reader import Folder
from icfscore.files.located_yaml import parse_value
from icfscore.files.recipe_file import MAX_DRAWS, MAX_SEED, SettingsReader
from icfscore.recipe import Scenario, Settings
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class OptionOrigin:
    """The command line as the place of a problem."""

    option: str

    def problem(
        self,
        location: tuple[Hashable, ...],
        what: str,
        hint: str = "",
        *,
        at: Any = "value",
    ) -> Problem:
        """Describe what is wrong with an option."""
        return Problem("", 0, 0, say("{option}: {what}", option=self.option, what=what), hint)


def settle(
    folder: Folder,
    *,
    scenario: str | None = None,
    assignments: Mapping[str, str] | None = None,
    weights: Mapping[str, str] | None = None,
    year: int | None = None,
    focus: str | None = None,
    seed: int | None = None,
    draws: int | None = None,
) -> Settings:
    """Settle a run's settings: the file's, then the scenario, then single options.

    Raises
    ------
    InputError
        With every option that names something unknown or has a value that is not possible.
    """
    tree, problems = folder.project.tree, list[Problem]()
    settings = folder.settings
    if scenario is not None:
        settings = _with_scenario(settings, scenario, folder)
    settings = apply_assignments(settings, assignments or {}, tree)
    if year is not None:
        settings = replace(settings, reference_year=_year(year, problems))
    if focus is not None:
        settings = replace(settings, focus=focus)
    if settings.focus is not None and settings.focus not in folder.project.community_by_id:
        known = folder.project.community_by_id
        hint = name_hint(settings.focus, known, what=say("the communities"))
        what = say("no community '{focus}'", focus=settings.focus)
        problems.append(Problem("", 0, 0, what, hint))
    if weights:
        reader = SettingsReader(tree, OptionOrigin("--weight"), problems)
        numbers = {name: parse_value(text, "--weight") for name, text in weights.items()}
        settings = replace(settings, weights={**settings.weights, **reader.weights(numbers, ())})
    problems.extend(
        Problem(
            "",
            0,
            0,
            say("{node}: all its children have weight 0", node=node),
            say("give one a weight"),
        )
        for node in tree.weightless(settings.weights)
    )
    for option, number, most in (("--draws", draws, MAX_DRAWS), ("--seed", seed, MAX_SEED)):
        if number is not None and number > most:
            what = say("must be at most {most}", most=most)
            problems.append(OptionOrigin(option).problem((), what))
    if problems:
        raise InputError(problems)
    uncertainty = settings.uncertainty
    uncertainty = replace(
        uncertainty,
        seed=uncertainty.seed if seed is None else seed,
        draws=uncertainty.draws if draws is None else draws,
    )
    return replace(settings, uncertainty=uncertainty)


def _with_scenario(settings: Settings, name: str, folder: Folder) -> Settings:
    if name not in folder.scenarios:
        hint = name_hint(name, folder.scenarios, what=say("the scenarios"))
        if not folder.scenarios:
            hint = say("icfscore.yaml has no scenarios")
        raise InputError.of(say("--scenario: no scenario '{name}'", name=name), hint)
    return apply_scenario(settings, name, folder.scenarios[name])


def _year(year: int, problems: list[Problem]) -> int:
    low, high = YEARS
    if not low <= year <= high:
        what = say("must be a year such as 2018, got {year}", year=year)
        problems.append(OptionOrigin("--year").problem((), what))
    return year


def apply_scenario(settings: Settings, name: str, scenario: Scenario) -> Settings:
    """Put a scenario's changes on the base settings."""
    screening = replace(settings.recipe.screening, **scenario.screening)
    recipe = replace(settings.recipe, screening=screening, **scenario.stages)
    weights = {**settings.weights, **scenario.weights}
    return replace(settings, recipe=recipe, weights=weights, scenario=name, **scenario.changes)


def apply_assignments(
    settings: Settings, assignments: Mapping[str, str], tree: CriteriaTree
) -> Settings:
    """Set single values by their path in icfscore.yaml, as ``--set KEY=VALUE`` gives them.

    A new `kind` replaces its stage or method whole, so it goes first, a stage's before those of its
    exceptions.

    Raises
    ------
    InputError
        Where a path or value is not one that icfscore.yaml could hold.
    """
    if not assignments:
        return settings
    described = settings.describe()
    ordered = sorted(
        assignments.items(), key=lambda pair: (not pair[0].endswith("kind"), pair[0].count("."))
    )
    for key, text in ordered:
        _assign(described, key, parse_value(text, f"--set {key}"))
    problems: list[Problem] = []
    origin = OptionOrigin("--set " + ", ".join(assignments))
    changed, _ = SettingsReader(tree, origin, problems).read(described)
    if problems:
        raise InputError(problems)
    return replace(changed, scenario=settings.scenario)


def _assign(described: dict[str, Any], key: str, value: Any) -> None:
    *above, last = key.split(".")
    section = key.partition(".")[0]
    if section not in described:
        hint = name_hint(section, described, what=say("the settings"))
        raise InputError.of(
            say("--set {key}: no setting '{section}'", key=key, section=section), hint
        )
    table: Any = described
    for part in above:
        if not isinstance(table, dict):
            raise InputError.of(
                say("--set {key}: '{part}' is no section of icfscore.yaml", key=key, part=part)
            )
        table = table.setdefault(part, {})
    if not isinstance(table, dict):
        raise InputError.of(say("--set {key}: no such setting", key=key))
    if last == "kind" and table.get("kind") != value:
        for parameter in table.keys() - {"nodes"}:
            del table[parameter]
    table[last] = value
