"""What the files of communities, areas and sources may hold, key by key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from icfscore.domain.communities import Comparability, Level, Status
from icfscore.domain.criteria import FileModel, Identifier
from icfscore.domain.text import Line, Name, Text
from icfscore.sentences import say

YEARS = (1000, 2999)


def _check_year(year: int) -> int:
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(say("must be a year such as 2018, got {year}", year=year))
    return year


Year = Annotated[int, AfterValidator(_check_year)]
AreaIdentifier = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{3}|[a-z][a-z0-9_-]*)$", max_length=100)
]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class ObservationEntry(FileModel):
    """An observation as its file spells it out; the value is checked against its quantity."""

    value: Any
    unit: Line | None = None
    year: Year | None = None
    source: Line | None = None
    level: Level | None = None
    area: str = ""
    status: Status = "seen"
    comparability: Comparability = "high"
    sd: NotNegative | None = None
    interval: tuple[Finite, Finite] | None = Field(default=None, strict=False)
    note: Text = ""


class FactEntry(FileModel):
    """A fact as its file spells it out."""

    id: Identifier
    value: Finite | str
    source: Line | None = None
    name: Text = ""
    unit: str = ""
    year: Year | None = None
    area: str = ""
    status: Status = "seen"
    note: Text = ""


class RecognitionEntry(FileModel):
    """A recognition as its file spells it out."""

    year: Year
    list: Identifier
    source: Line | None = None


class EntityHead(FileModel):
    """A community's or area's file without its nested parts."""

    id: AreaIdentifier
    name: Name
    type: Literal["community", "country", "region"] | None = None
    description: Text = ""
    kind: str = ""
    region: str = ""
    country: str = ""
    listed_as: str = ""
    parent: AreaIdentifier | None = None
    groups: dict[Line, Line] = Field(default={})
    recognitions: list[Any] = Field(default=[])
    facts: list[Any] = Field(default=[])
    observations: dict[str, Any] = Field(default={})
    source: Line | None = None
    year: Year | None = None
    level: Level | None = None


class CommunityHead(EntityHead):
    """A community's file without its nested parts."""

    id: Identifier
    type: Literal["community"] | None = None


class AreaHead(EntityHead):
    """An area's file without its nested parts."""

    type: Literal["country", "region"] | None = None


class SourceEntry(FileModel):
    """An entry of sources.yaml."""

    title: Text = ""
    publisher: Text = ""
    year: int | str | None = None
    url: str = ""
