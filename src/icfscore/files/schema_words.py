"""What keys of YAML files mean, in a sentence each, as editors show it."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "aliases": "Other names, accepted wherever the id is.",
    "area": "The area that the value describes, in words.",
    "bounds": "Lowest and highest possible value, null for none; before `per`.",
    "comparability": "How alike its definition is to that of the other communities' values.",
    "context": "Quantities that are not scored: denominators.",
    "criteria": "Nodes below this one, in order: ids of files in criteria/, or written out.",
    "direction": "Which values are better: higher or lower ones.",
    "facts": "What is told of the community and not scored.",
    "focus": "Id of the community that reports look at.",
    "goalposts": "Fixed ends of the scale, low number first, in natural units.",
    "groups": "Groups by grouping, for group means and reading results by group.",
    "id": "Lower-case letters, digits and '_'; of an area also a country's three letters.",
    "indicators": "What stands for this node, in order.",
    "interval": "The 5 % and 95 % quantiles of the value, instead of the default uncertainty.",
    "kind": "What sort of thing it is; of an indicator, how its values can err.",
    "level": "Whose value it is; one that is not the community's own is a proxy.",
    "levels": "Of an ordinal indicator: the number that each word stands for.",
    "lever": "Whether the community itself can move it.",
    "max_age": "Further than this many years from the reference year a value is missing.",
    "name": "A text, or texts by language: {en: Binh Duong, vi: Bình Dương}.",
    "observations": "Values by indicator or context quantity; null: not known yet.",
    "parent": "Id of the area whose values stand in for those missing here.",
    "per": "Context quantity to divide by.",
    "per_scale": "Factor after the division, such as 100000.",
    "proxies": "false: only values of the communities themselves count.",
    "recognitions": "Published lists that the community was on.",
    "reference_year": "Of several years the nearest to it counts.",
    "sd": "Standard deviation of the value, instead of the default uncertainty.",
    "source": "A key of communities/sources.yaml.",
    "status": "How the value was verified.",
    "target": "A value to reach, in natural units.",
    "transform": "log: the natural logarithm, before everything after imputation.",
    "unit": "Unit of measurement; an observation's may differ, and is converted.",
    "weight": "Relative among siblings; 0: shown, not scored.",
    "year": "Year of the value.",
}
