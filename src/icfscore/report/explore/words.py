"""The sentences that the page says by itself, in one language; their ``{places}`` it fills."""

from __future__ import annotations

from typing import Any

from icfscore.errors import InputError
from icfscore.recipe import Staged
from icfscore.report.content_recipe import step_of
from icfscore.report.escape import NAME_LENGTH, clean
from icfscore.report.language import Language


def page_words(language: Language) -> dict[str, str]:
    """List the page's sentences by the key that its script knows them by."""
    _ = language.gettext
    return {
        "standing": _("{community}: rank {rank} of {n}, score {score}"),
        "interval": _(
            "In 90 % of the {draws} draws its rank is {low} to {high}, under the stated"
            " assumptions."
        ),
        "sure": _("In 90 % of the {draws} draws its rank is {low}, under the stated assumptions."),
        "unranked": _("{community} has no score under these weights."),
        "span": _("{low} to {high}"),
        "up": _("up {n}"),
        "down": _("down {n}"),
        "same": _("same"),
        "share": _("{weight}, that is {share}"),
        "told": _("{community}: rank {rank}, score {score}, {interval}"),
        "told_score": _("{community}: {score}"),
        "changed": _("Changed: {what}"),
        "unchanged": _("As the project has it."),
        "aggregation": _("aggregation"),
        "normalisation": _("normalisation"),
        "weight_of": _("weight of {node}"),
        "nearest": _("The picture shows the {shown} communities nearest in rank to {community}."),
        "first": _("The picture shows the first {shown} communities."),
        "cut": _("The table shows {shown} of {n} communities."),
        "positive": _(
            "{community} has {value} on {child}, and {method} needs values above 0 (in {node})."
            " Choose a normalisation that stays above 0, such as min–max from 1 to 100, or the"
            " arithmetic mean."
        ),
        "not_negative": _(
            "{community} has {value} on {child}, and {method} needs values of 0 or more"
            " (in {node}). Choose another normalisation, or the arithmetic mean."
        ),
        "zero_mean": _(
            "The mean of {community} in {node} is 0: the penalty of {method} has nothing to relate"
            " the spread to. Choose z-scores with mean 100."
        ),
        "weightless": _("{node}: everything in it has weight 0. Give at least one a weight."),
        "out": _(
            "Without the indicators of weight 0 the engine would leave out {communities}, which"
            " then have too few values; this page still shows them, so the engine's scores differ."
        ),
        "back": _(
            "Without the indicators of weight 0 the engine would take in {communities}, which then"
            " have enough values; this page cannot, so the engine's scores differ."
        ),
        "imputed": _(
            "Without the indicators of weight 0 the engine would fill missing values otherwise;"
            " this page keeps them, so the engine's scores may differ."
        ),
        "no_draws_below": _(
            "No rank intervals: the draws in this page are of the criteria as the project has them,"
            " so only the criteria's weights may change. Download the settings and run"
            " 'icfscore uncertainty'."
        ),
        "no_draws_scale": _(
            "No rank intervals: the draws in this page do not fit this normalisation. Download the"
            " settings and run 'icfscore uncertainty'."
        ),
        "no_draws_undefined": _(
            "No rank intervals: in some draws this aggregation meets values that it is not defined"
            " for. Choose min–max from 1 to 100."
        ),
        "copied": _("Link copied."),
        "copy": _("Copy this link:"),
        "link_unknown": _("The link names what this page does not have; it was left out: {names}."),
        "yaml_title": _("Weights and methods chosen on the page that 'icfscore explore' wrote"),
        "yaml_use": _("Use: put this file in the project's folder as icfscore.yaml."),
    }


def why_no_draws(reason: InputError | str, language: Language) -> str:
    """Say why the page carries no draws."""
    _ = language.gettext
    if isinstance(reason, InputError):
        return _("No rank intervals: {reason}").format(reason=_told(reason, language))
    known = {
        "asked": _("No rank intervals: the page was made without draws."),
        "alone": _("No rank intervals: there is only one community."),
        "nothing": _("No rank intervals: neither the data nor missing values are drawn."),
        "too_many": _(
            "No rank intervals: the draws of so many communities would make the page too large."
            " 'icfscore uncertainty' gives them."
        ),
    }
    return known[reason]


def why_not_preset(missing: str, detail: InputError | str, language: Language) -> str:
    """Say why the page cannot show a scenario."""
    _ = language.gettext
    if isinstance(detail, InputError):
        detail = _told(detail, language)
    sentences = {
        "data": _("changes the data: another year, proxies, screening, imputation or outliers"),
        "weights": _("gives a weight to an indicator that the project does not score"),
        "aggregation": _("aggregates by a method that this page cannot repeat: {detail}"),
        "undefined": _("is not defined: {detail}"),
    }
    return sentences[missing].format(detail=detail)


def _told(error: InputError, language: Language) -> str:
    return clean(error.spoken(language.gettext, language.signs))


def normalisation_label(identifier: str, staged: Staged[Any], language: Language) -> str:
    """Name a choice of normalisation."""
    _ = language.gettext
    known = {
        "min_max_0_100": _("Min–max, 0 to 100"),
        "min_max_1_100": _("Min–max, 1 to 100"),
        "z_score_100_10": _("Z-scores, mean 100, standard deviation 10"),
        "rank": _("Ranks"),
    }
    return known.get(identifier) or _other(identifier, staged, language)


def aggregation_label(identifier: str, staged: Staged[Any], language: Language) -> str:
    """Name a choice of aggregation."""
    _ = language.gettext
    known = {
        "arithmetic": _("Arithmetic mean"),
        "geometric": _("Geometric mean"),
        "harmonic": _("Harmonic mean"),
        "median": _("Median"),
        "mazziotta_pareto": _("Mazziotta-Pareto"),
    }
    return known.get(identifier) or _other(identifier, staged, language)


def _other(identifier: str, staged: Staged[Any], language: Language) -> str:
    """Name a method that only this project has, by its kind and parameters."""
    _ = language.gettext
    step = step_of("", staged.base)
    parts = [step.kind, *(f"{name} {value}" for name, value in step.parameters)]
    method = clean(", ".join(parts), NAME_LENGTH)
    if len(staged.methods()) > 1:
        method = _("{method}, with exceptions").format(method=method)
    scenario = identifier.partition("scenario.")[2]
    if scenario:
        name = clean(scenario, NAME_LENGTH)
        return _("As in scenario {name}: {method}").format(name=name, method=method)
    return _("As the project has it: {method}").format(method=method)
