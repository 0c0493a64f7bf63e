"""The record of a profile, schema ``icfscore.profile/1``.

Keys
----
``id``, ``name``, ``digest``, ``scenario``, ``reference_year``, ``k``, ``draws``, ``seed``
    Whose profile, of which inputs; k is the place whose distance is told; draws is 0 without any.
``place``
    ``rank``, ``of``, ``score``, and from the draws ``rank_interval`` [5 %, 95 %], ``median_rank``
    and ``probability_top_k`` (null without draws).
``criteria``
    A list: ``id``, ``score``, ``rank``, ``of``, ``percentile`` (share of the others it is ahead of,
    ties counting half), ``rank_interval``, ``to_best``, ``to_median``, ``to_kth`` (score minus
    theirs), ``rests_on_proxies``.
``indicators``
    A list: ``id``, ``state`` (scored, unscored, left_out), ``value`` (after the denominator),
    ``unit``, ``per``, ``per_scale`` (of the denominator, if any), ``estimated``, ``year``,
    ``level``, ``holder``, ``area``, ``sources`` (keys), ``status``, ``comparability``, ``lever``,
    ``score`` (normalised), ``rank``, ``of``, ``percentile``, ``best`` (ids), ``best_value``,
    ``median_of_others``, ``target``, and the distances ``to_best``, ``to_median``, ``to_target``,
    ``to_groups`` (by grouping), ``to_nearest``: in the value's unit, above zero where it is better;
    ``contribution``: its part of the distance from the front.
``differences``
    A list: ``from`` (``front``, ``leader`` or ``kth``), ``ids`` (the others; of the front several,
    whose mean score counts), ``difference``, ``contributions`` by node and indicator (null below a
    node in ``undivided``, which gives the reason), ``by_swaps`` (nodes shared by Shapley values),
    ``filled`` (children without a score that stand at the mean of the others).
``strengths``, ``weaknesses``, ``gaps``
    Indicator ids by their contribution to the distance from the front, the largest first; gaps are
    those without a value. ``by_origin`` sums the contributions by ``own``, ``proxies`` and
    ``missing``.
``similar``
    ``groups`` (``grouping``, ``group``, ``ids``) and ``nearest`` (``id``, ``distance``).
``evidence``
    Counts of values: ``own``, ``region``, ``national``, ``missing``, ``low_comparability``,
    ``recalled``; ``years`` [first, last]; ``by_status``, ``by_comparability``, ``median_age`` and
    ``oldest`` (years from the reference year) of the scored values.
``measuring``
    ``rank_variance`` and ``values``, what helps most first: ``indicator``, ``reduction`` (expected
    fall of the variance), ``share``, ``standard_error`` (of the share), ``p_value``, ``told``
    (whether it is told from chance), ``together`` (other gaps that one donor fills with it); null
    without draws.
``means``
    What scores its income leads one to expect, as `means_record` describes; null where the settings
    name no income.
``snapshot``
    Of a community that stands alone on fixed scales, else null: ``draws``, and ``overall`` and
    ``insights`` (one a criterion) with ``id``, ``score``, ``interval`` [5 %, 95 %], ``answered``,
    ``asked``, ``open`` (ids) and ``step`` (what raises it most: ``indicator``, ``from``, ``to``,
    ``gain``, ``gain_overall``, ``as_good``: other steps worth the same; or null).
``facts``, ``recognitions``, ``excluded``, ``warnings``
    As the files give them, with their sources.
"""

from __future__ import annotations

from typing import Any

from icfscore.domain.text import text_in
from icfscore.pipeline.decomposition import Decomposition
from icfscore.pipeline.score import Scoring
from icfscore.report.content_evidence import Evidence
from icfscore.report.content_profile import Profile
from icfscore.report.content_profiled import ProfiledIndicator
from icfscore.report.content_standing import Standing
from icfscore.report.means_record import means_record
from icfscore.report.snapshot_page import snapshot_record

PROFILE_SCHEMA = "icfscore.profile/1"
LEVELS = ("missing", "community", "region", "national")


def profile_record(scoring: Scoring, profile: Profile, language: str = "en") -> dict[str, Any]:
    """Build the record of a profile; its keys are described above."""
    focus, tree, settings = profile.focus, scoring.project.tree, scoring.settings
    entity = scoring.project.community_by_id[focus.community]
    front = profile.front
    return {
        "schema": PROFILE_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": scoring.digest,
        "scenario": settings.scenario,
        "reference_year": settings.reference_year,
        "id": focus.community,
        "name": text_in(entity.name, language),
        "k": profile.k,
        "draws": 0 if profile.uncertainty is None else profile.uncertainty.n_draws,
        "seed": settings.uncertainty.seed,
        "place": _place(profile),
        "criteria": [_standing(standing, profile) for standing in focus.criteria],
        "indicators": [_indicator(each) for each in profile.indicators],
        "differences": _differences(profile),
        "strengths": [] if front is None else _ids(front.strengths),
        "weaknesses": [] if front is None else _ids(front.weaknesses),
        "gaps": [] if front is None else _ids(front.gaps),
        "by_origin": None
        if front is None
        else {"own": front.own, "proxies": front.proxies, "missing": front.missing},
        "similar": {
            "groups": [
                {"grouping": each.grouping, "group": each.group, "ids": list(each.members)}
                for each in profile.similar.groups
            ],
            "nearest": [
                {"id": each.community, "distance": each.distance}
                for each in profile.similar.nearest
            ],
        },
        "evidence": _evidence(focus.evidence)
        | {
            "by_status": dict(profile.quality.by_status),
            "by_comparability": dict(profile.quality.by_comparability),
            "median_age": profile.quality.median_age,
            "oldest": profile.quality.oldest,
        },
        "measuring": _measuring(profile),
        "means": means_record(profile.means),
        "snapshot": snapshot_record(profile.snapshot),
        "facts": [
            {"id": fact.id, "name": text_in(fact.name, language), "value": fact.value}
            | {"unit": fact.unit, "year": fact.year, "area": fact.area, "status": fact.status}
            | {"source": fact.source, "note": text_in(fact.note, language)}
            for fact in profile.facts
        ],
        "recognitions": [
            {"year": each.year, "list": each.list, "source": each.source}
            for each in entity.recognitions
        ],
        "excluded": [
            {"id": name, "reason": reason} for name, reason in scoring.screened.excluded.items()
        ],
        "warnings": list(scoring.warnings),
    }


def _ids(indicators: tuple[ProfiledIndicator, ...]) -> list[str]:
    return [each.reading.indicator.id for each in indicators]


def _place(profile: Profile) -> dict[str, Any]:
    overall = profile.focus.overall
    places = None if profile.uncertainty is None else profile.uncertainty.places
    place = None if places is None else places[profile.focus.community]
    return {
        "rank": overall.rank,
        "of": overall.n_ranked,
        "score": overall.score,
        "rank_interval": None if place is None else [place.low, place.high],
        "median_rank": None if place is None else place.median,
        "probability_top_k": None if place is None else place.top,
    }


def _standing(standing: Standing, profile: Profile) -> dict[str, Any]:
    interval = profile.interval_of(standing.identifier)
    return {
        "id": standing.identifier,
        "score": standing.score,
        "rank": standing.rank,
        "of": standing.n_ranked,
        "percentile": standing.percentile,
        "rank_interval": None if interval is None else list(interval),
        "to_best": standing.distance_to(standing.best_score),
        "to_median": standing.distance_to(standing.median),
        "to_kth": standing.distance_to(standing.kth),
        "rests_on_proxies": standing.on_proxies,
    }


def _indicator(each: ProfiledIndicator) -> dict[str, Any]:
    reading, apart = each.reading, each.apart
    seen, standing = reading.observation, reading.standing
    return {
        "id": reading.indicator.id,
        "state": reading.state,
        "value": reading.value,
        "unit": reading.indicator.unit,
        "per": reading.indicator.per,
        "per_scale": reading.indicator.per_scale,
        "estimated": reading.estimated,
        "year": None if seen is None else seen.year,
        "level": LEVELS[reading.level],
        "holder": reading.holder,
        "area": "" if seen is None else seen.area,
        "sources": list(reading.sources),
        "status": None if seen is None else seen.status,
        "comparability": None if seen is None else seen.comparability,
        "lever": reading.indicator.lever,
        "score": None if standing is None else standing.score,
        "rank": None if standing is None else standing.rank,
        "of": None if standing is None else standing.n_ranked,
        "percentile": each.percentile,
        "best": list(reading.peers.best),
        "best_value": reading.peers.best_value,
        "median_of_others": reading.peers.median,
        "target": reading.indicator.target,
        "to_best": apart.best,
        "to_median": apart.median,
        "to_target": apart.target,
        "to_groups": dict(apart.groups),
        "to_nearest": apart.nearest,
        "contribution": each.part,
    }


def _differences(profile: Profile) -> list[dict[str, Any]]:
    front = profile.front
    members = [] if front is None else list(front.members)
    named: list[tuple[str, list[str], Decomposition | None]] = [
        ("front", members, None if front is None else front.decomposition),
        ("leader", [] if profile.leader is None else [profile.leader.right], profile.leader),
        ("kth", [] if profile.kth is None else [profile.kth.right], profile.kth),
    ]
    return [
        {"from": name, "ids": ids} | decomposition_record(found)
        for name, ids, found in named
        if found is not None
    ]


def decomposition_record(found: Decomposition) -> dict[str, Any]:
    """Give a difference with its parts and how they came about."""
    return {
        "difference": found.difference,
        "contributions": dict(found.contributions),
        "undivided": dict(found.undivided),
        "by_swaps": list(found.by_swaps),
        "filled": list(found.filled),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "own": evidence.own,
        "region": evidence.region,
        "national": evidence.national,
        "missing": evidence.missing,
        "low_comparability": evidence.low,
        "recalled": evidence.recalled,
        "years": None if evidence.years is None else list(evidence.years),
    }


def _measuring(profile: Profile) -> dict[str, Any] | None:
    measuring = profile.measuring
    if measuring is None:
        return None
    return {
        "rank_variance": measuring.variance,
        "values": [
            {"indicator": each.indicator, "reduction": each.reduction, "share": each.share}
            | {"standard_error": each.standard_error, "p_value": each.p_value, "told": each.told}
            | {"together": list(each.together)}
            for each in measuring.values
        ],
    }
