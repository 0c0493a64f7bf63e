"""The built-in data say what the collected tables say: nothing lost, invented or rounded.

Read here with PyYAML alone, not with the project's own reader, so that the two check each other.
``BaseLoader`` leaves every scalar as the text that is written; ``safe_load`` shows what it means.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CRITERIA = ROOT / "criteria"
COMMUNITIES = ROOT / "communities"
AREAS = COMMUNITIES / "areas"
COLLECTED = ROOT / "tests" / "data" / "collected"

CRITERION_IDS = ["connect", "work", "innovate", "include", "engage", "sustain"]
OBSERVATION_KEYS = [
    "value",
    "unit",
    "year",
    "source",
    "level",
    "area",
    "status",
    "comparability",
    "note",
]
FACT_KEYS = ["id", "name", "value", "unit", "year", "area", "source", "status", "note"]
INDICATOR_KEYS = [
    "id",
    "name",
    "description",
    "unit",
    "direction",
    "weight",
    "kind",
    "lever",
    "bounds",
    "transform",
    "per",
    "per_scale",
    "target",
]
# A source may be cited in a comment of a file: what the comment says is no observation.
CITED_IN_COMMENT = re.compile(r"^#.*\(source: ([a-z0-9-]+)\)", re.MULTILINE)

Row = dict[str, str]
Entry = dict[str, Any]


def read_table(name: str) -> list[Row]:
    with (COLLECTED / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def read_text(path: Path) -> Entry:
    entry: Entry = yaml.BaseLoader(path.read_text(encoding="utf-8")).get_single_data()
    return entry


@cache
def read_meaning(path: Path) -> Entry:
    entry: Entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entry


def community_files() -> list[Path]:
    return sorted(path for path in COMMUNITIES.glob("*.yaml") if path.stem != "sources")


def area_files() -> list[Path]:
    return sorted(AREAS.glob("*.yaml"))


def all_files() -> list[Path]:
    return [*sorted(CRITERIA.glob("*.yaml")), *sorted(COMMUNITIES.rglob("*.yaml"))]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def filled(row: Row, keys: list[str]) -> Row:
    """Return what a row gives for these keys; an empty cell is a key that is not there."""
    return {key: row[key] for key in keys if row[key]}


def indicator_entries() -> dict[str, Entry]:
    framework = read_text(CRITERIA / "framework.yaml")
    entries = {entry["id"]: {**entry, "criterion": "context"} for entry in framework["context"]}
    for criterion_id in CRITERION_IDS:
        for entry in read_text(CRITERIA / f"{criterion_id}.yaml")["indicators"]:
            entries[entry["id"]] = {**entry, "criterion": criterion_id}
    return entries


def bounds_of(row: Row) -> list[str]:
    return [bound or "null" for bound in row["bounds"].split("..")]


def used_sources() -> Iterator[str]:
    for path in [*community_files(), *area_files()]:
        file = read_text(path)
        for listed in ("recognitions", "facts"):
            yield from (entry["source"] for entry in file.get(listed, []))
        yield from (entry["source"] for entry in file["observations"].values())
        yield from CITED_IN_COMMENT.findall(path.read_text(encoding="utf-8"))


def repeated_keys(node: yaml.Node) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        counts = Counter(key.value for key, _ in node.value)
        yield from (key for key, count in counts.items() if count > 1)
        for _, value in node.value:
            yield from repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from repeated_keys(value)


def leaves(text: object, meaning: object) -> Iterator[tuple[str, object]]:
    """Yield every scalar as written beside what YAML 1.1 makes of it."""
    if isinstance(text, dict) and isinstance(meaning, dict):
        for text_value, meaning_value in zip(text.values(), meaning.values(), strict=True):
            yield from leaves(text_value, meaning_value)
    elif isinstance(text, list) and isinstance(meaning, list):
        for text_value, meaning_value in zip(text, meaning, strict=True):
            yield from leaves(text_value, meaning_value)
    else:
        yield str(text), meaning


# The files


@pytest.mark.parametrize("path", all_files(), ids=relative)
def test_no_file_repeats_a_key(path: Path) -> None:
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)

    assert list(repeated_keys(root)) == []


@pytest.mark.parametrize("path", all_files(), ids=relative)
def test_scalars_are_text_numbers_or_null_whichever_yaml_version_reads_them(path: Path) -> None:
    for text, meaning in leaves(read_text(path), read_meaning(path)):
        if isinstance(meaning, str):
            assert meaning == text
        elif meaning is None:
            assert text == "null"
        else:
            assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text), text
            assert float(text) == meaning
            assert type(meaning) is (float if "." in text else int)


@pytest.mark.parametrize("path", [*community_files(), *area_files()], ids=relative)
def test_a_file_is_named_after_its_id(path: Path) -> None:
    assert read_text(path)["id"] == path.stem


def test_there_are_21_communities_and_10_areas() -> None:
    assert len(community_files()) == 21
    assert len(area_files()) == 10


# Observations


def test_every_observation_is_its_row_and_every_row_an_observation() -> None:
    rows = read_table("observations")
    collected = {
        (row["community"], row["indicator"]): filled(row, OBSERVATION_KEYS) for row in rows
    }
    written = {
        (path.stem, indicator): entry
        for path in [*community_files(), *area_files()]
        for indicator, entry in read_text(path)["observations"].items()
    }

    assert len(rows) == len(collected) == 570
    assert len(written) == 570
    assert written == collected


def test_every_value_is_exactly_the_number_collected() -> None:
    values = {
        (row["community"], row["indicator"]): float(row["value"])
        for row in read_table("observations")
    }

    for path in [*community_files(), *area_files()]:
        for indicator, entry in read_meaning(path)["observations"].items():
            assert type(entry["value"]) in {int, float}
            assert type(entry["year"]) is int
            assert float(entry["value"]) == values[path.stem, indicator]


@pytest.mark.parametrize("path", [*community_files(), *area_files()], ids=relative)
def test_observations_stand_in_the_order_of_the_catalogue(path: Path) -> None:
    catalogue = [row["id"] for row in read_table("indicators")]
    observations = read_text(path)["observations"]

    assert list(observations) == [each for each in catalogue if each in observations]
    for entry in observations.values():
        assert list(entry) == [key for key in OBSERVATION_KEYS if key in entry]


def test_every_observation_lies_within_its_indicators_bounds() -> None:
    bounds = {row["id"]: bounds_of(row) for row in read_table("indicators")}

    for row in read_table("observations"):
        low, high = bounds[row["indicator"]]
        assert low == "null" or float(row["value"]) >= float(low), row
        assert high == "null" or float(row["value"]) <= float(high), row


# Criteria


def test_the_framework_lists_the_six_factors_in_order() -> None:
    framework = read_text(CRITERIA / "framework.yaml")

    assert framework["id"] == "icf"
    assert framework["version"] == "2019"
    assert framework["criteria"] == CRITERION_IDS
    assert sorted(path.stem for path in CRITERIA.glob("*.yaml")) == sorted(
        ["framework", *CRITERION_IDS]
    )


def test_the_32_quantities_are_the_catalogues_in_its_order() -> None:
    catalogue = read_table("indicators")
    entries = indicator_entries()

    assert len(catalogue) == 32
    assert [(entry["criterion"], name) for name, entry in entries.items()] == [
        (row["criterion"], row["id"]) for row in catalogue
    ]


@pytest.mark.parametrize("row", read_table("indicators"), ids=lambda row: row["id"])
def test_a_quantity_is_described_as_in_the_catalogue(row: Row) -> None:
    entry = indicator_entries()[row["id"]]

    assert entry["name"] == {"en": row["name_en"], "vi": row["name_vi"]}
    assert entry["unit"] == row["unit"]
    assert entry["bounds"] == bounds_of(row)
    if row["criterion"] == "context":
        assert set(entry) == {"id", "criterion", "name", "description", "unit", "bounds"}
        return
    assert list(entry) == [key for key in [*INDICATOR_KEYS, "criterion"] if key in entry]
    assert entry["direction"] == row["direction"]
    assert entry["kind"] == row["kind"]
    assert entry["lever"] == row["lever"]
    assert entry.get("weight", "1") == {"yes": "1", "no": "0"}[row["scored"]]
    per = f"{entry['per']} x{entry['per_scale']}" if "per" in entry else ""
    assert per == row["denominator"]


def test_only_what_the_catalogue_remarks_is_transformed_or_has_a_target() -> None:
    entries = indicator_entries()

    assert {
        name: entry["transform"] for name, entry in entries.items() if "transform" in entry
    } == {"gdp_per_capita_ppp_usd": "log"}
    assert {name: entry["target"] for name, entry in entries.items() if "target" in entry} == {
        "pm25_ugm3": "5",
        "green_space_m2_per_capita": "10",
    }


def test_every_target_equals_the_number_its_remark_or_fact_gives() -> None:
    remarks = {row["id"]: row["remark"] for row in read_table("indicators")}
    goals = {row["fact"]: row["value"] for row in read_table("binh_duong_facts")}
    entries = indicator_entries()

    assert remarks["pm25_ugm3"] == f"WHO guideline 2021: {entries['pm25_ugm3']['target']}"
    assert goals["green_target_m2_per_person"] == entries["green_space_m2_per_capita"]["target"]


def test_aliases_are_unique_and_differ_from_every_id() -> None:
    aliases = [
        alias.casefold()
        for criterion_id in CRITERION_IDS
        for alias in read_text(CRITERIA / f"{criterion_id}.yaml")["aliases"]
    ]
    ids = {"index", "icf", *CRITERION_IDS, *indicator_entries()}

    assert len(aliases) == len(set(aliases))
    assert not ids.intersection(aliases)


def test_every_criterion_and_quantity_is_named_and_described_in_both_languages() -> None:
    criteria = [read_text(CRITERIA / f"{criterion_id}.yaml") for criterion_id in CRITERION_IDS]

    for entry in [*criteria, *indicator_entries().values()]:
        for text in (entry["name"], entry["description"]):
            assert list(text) == ["en", "vi"]
            assert all(text.values())


# Communities and areas


@pytest.mark.parametrize("row", read_table("communities"), ids=lambda row: row["id"])
def test_a_community_is_its_row(row: Row) -> None:
    file = read_text(COMMUNITIES / f"{row['id']}.yaml")
    expected: Entry = {
        "id": row["id"],
        "name": {"en": row["name_en"], "vi": row["name_vi"]},
        "type": "community",
        "kind": row["type"],
        "country": row["country"],
        "listed_as": row["listed_as"],
        "parent": row["country"],
        "groups": {"income": row["income_group"], "size": row["size"]},
    }
    if row["region"]:
        expected["region"] = row["region"]
    elsewhere = {"description", "recognitions", "facts", "observations"}

    assert {key: value for key, value in file.items() if key not in elsewhere} == expected
    assert (AREAS / f"{row['country']}.yaml").is_file()


def test_the_communities_are_those_of_the_table() -> None:
    assert [path.stem for path in community_files()] == sorted(
        row["id"] for row in read_table("communities")
    )


def test_the_areas_are_the_communities_countries() -> None:
    assert [path.stem for path in area_files()] == sorted(
        {row["country"] for row in read_table("communities")}
    )


@pytest.mark.parametrize("path", area_files(), ids=relative)
def test_an_area_holds_a_name_and_observations_alone(path: Path) -> None:
    file = read_text(path)

    assert list(file) == ["id", "name", "type", "observations"]
    assert file["type"] == "country"
    assert file["name"]["en"] == file["observations"]["population"]["area"]
    assert file["name"]["vi"]


# Recognitions, facts, sources


def test_every_recognition_is_its_row_and_every_row_a_recognition() -> None:
    sources = read_text(COMMUNITIES / "sources.yaml")
    collected = Counter(tuple(row.values()) for row in read_table("recognitions"))
    written = Counter(
        (path.stem, entry["year"], entry["list"], source["title"], source.get("url", ""))
        for path in community_files()
        for entry in read_text(path)["recognitions"]
        for source in [sources[entry["source"]]]
    )

    assert collected.total() == 57
    assert written == collected


def test_every_fact_is_its_row_and_every_row_a_fact() -> None:
    sources = read_text(COMMUNITIES / "sources.yaml")
    collected = read_table("binh_duong_facts")
    facts = read_text(COMMUNITIES / "binh_duong.yaml")["facts"]
    written = [
        {
            **{key: fact.get(key, "") for key in ("value", "unit", "year", "area")},
            "fact": fact["id"],
            "source": sources[fact["source"]]["title"],
            "url": sources[fact["source"]].get("url", ""),
            "status": fact["status"],
            "note": fact.get("note", ""),
        }
        for fact in facts
    ]

    assert len(collected) == 74
    assert written == collected
    for fact in facts:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", fact["id"])
        assert list(fact) == [key for key in FACT_KEYS if key in fact]
        assert list(fact["name"]) == ["en", "vi"]
        assert all(fact["name"].values())


def test_only_binh_duong_has_facts() -> None:
    assert [path.stem for path in community_files() if "facts" in read_text(path)] == ["binh_duong"]


def test_every_collected_source_keeps_its_key_title_and_address() -> None:
    sources = read_text(COMMUNITIES / "sources.yaml")
    rows = read_table("sources")

    assert len(rows) == 256
    assert sum(not row["url"] for row in rows) == 11
    for row in rows:
        assert sources[row["key"]] == filled(row, ["title", "url"])


def test_a_source_has_one_key_only() -> None:
    sources = read_text(COMMUNITIES / "sources.yaml")
    counts = Counter((source["title"], source.get("url")) for source in sources.values())

    assert [source for source, count in counts.items() if count > 1] == []


def test_sources_are_those_collected_and_one_cited_in_a_comment() -> None:
    sources = read_text(COMMUNITIES / "sources.yaml")
    written = {(source["title"], source.get("url", "")) for source in sources.values()}
    collected = {
        *((row["title"], row["url"]) for row in read_table("sources")),
        *((row["source"], row["url"]) for row in read_table("binh_duong_facts")),
        *((row["source_title"], row["source_url"]) for row in read_table("recognitions")),
    }

    assert collected <= written
    assert written - collected == {
        ("National Assembly of Viet Nam, Resolution 202/2025/QH15 of 12 June 2025", "")
    }


def test_every_source_used_exists_and_every_source_is_used() -> None:
    assert set(used_sources()) == set(read_text(COMMUNITIES / "sources.yaml"))
