"""The page as one file: markup, style, script and data, and a policy that lets it load nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from icfscore import __version__
from icfscore.domain.text import Text
from icfscore.errors import InputError
from icfscore.pipeline.explorable import Explorable
from icfscore.pipeline.explorable_draws import DataDraws
from icfscore.report.escape import clean
from icfscore.report.explore.chart import MOST_ROWS, profile_chart, rank_chart
from icfscore.report.explore.controls import sliders_of
from icfscore.report.explore.record import adjustable, choices, page_record, preset_rows
from icfscore.report.language import Language
from icfscore.report.numbers import Numbers
from icfscore.report.offline import page_templates, policy, safe_json
from icfscore.report.vega import vega_bundle
from icfscore.report.wording import Wording

MOST_LISTED = 300  # rows of the table: more would be read by nobody, and slow to move
_SCRIPTS = ("numbers", "methods", "model", "state", "view", "pictures", "page")


def explore_page(
    explorable: Explorable,
    draws: DataDraws | InputError | str,
    language: Language,
    scenario_names: Mapping[str, Text],
    scenarios: Any = None,
) -> str:
    """Write the page.

    Parameters
    ----------
    draws
        Draws of the data, or why there are none.
    scenario_names
        By id, for the explorable's presets.
    scenarios
        As icfscore.yaml has them: they go into the settings that the page writes.
    """
    scoring = explorable.scoring
    numbers = Numbers(language.locale)
    wording = Wording(scoring, language, numbers, clean)
    tree = scoring.project.tree
    n_communities = len(scoring.screened.observed.communities)
    n_shown = min(n_communities, MOST_ROWS)
    criteria = explorable.nodes[-1].siblings.names
    record = page_record(explorable, draws, language, wording, scenarios)
    record |= {
        "criteria": list(criteria),
        "mostRows": n_shown,
        "mostListed": MOST_LISTED,
        "charts": {
            room: {
                "ranks": rank_chart(language, n_shown, n_communities, narrow=room == "narrow"),
                "profile": profile_chart(language, len(criteria), narrow=room == "narrow"),
            }
            for room in ("wide", "narrow")
        },
    }
    vega, script = vega_bundle(), _own_script()
    return (
        page_templates(language, "explore")
        .get_template("page.html.j2")
        .render(
            language=language.code,
            name=wording.node("index"),
            caveats=[wording.text(caveat) for caveat in tree.caveats],
            warnings=[clean(language.said(warning)) for warning in scoring.warnings],
            sliders=sliders_of(tree, explorable.weights, adjustable(explorable), wording),
            choices=choices(explorable, language),
            presets=preset_rows(explorable, scenario_names, language),
            communities=record["communities"],
            start=record["start"],
            given=explorable.given,
            replaced=explorable.replaced,
            draws=draws if isinstance(draws, DataDraws) else None,
            n_draws=numbers.count(len(draws.values)) if isinstance(draws, DataDraws) else "",
            no_draws=record["noDraws"],
            seed=scoring.settings.uncertainty.seed,
            year=scoring.settings.reference_year,
            version=__version__,
            digest=scoring.digest,
            style=Markup(_file("page.css")),  # noqa: S704 - our own
            record=Markup(safe_json(record)),  # noqa: S704 - made safe
            vega=Markup(vega),  # noqa: S704 - closed to data, like our own
            script=Markup(script),  # noqa: S704
            policy=policy([vega, script]),
        )
    )


def _file(name: str) -> str:
    return files("icfscore.report.explore").joinpath(name).read_text(encoding="utf-8")


def _own_script() -> str:
    """Join our scripts in a scope of their own: Vega's bundle leaves its names in the page's."""
    joined = "\n".join(_file(f"{name}.js") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{joined}}})();'
