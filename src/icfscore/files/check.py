"""From what pydantic finds wrong to problems with a place, in this project's words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from icfscore.errors import Problem, message_of, name_hint
from icfscore.files.located_yaml import Document
from icfscore.sentences import say

_MOST_TOLD = 100  # problems of one object: more are no news
Model = TypeVar("Model", bound=BaseModel)


class Origin(Protocol):
    """Where data come from: a document, or the command line's options."""

    def problem(
        self, location: tuple[Hashable, ...], what: str, hint: str = "", *, at: Any = "value"
    ) -> Problem:
        """Describe what is wrong at a path."""
        ...


def check(
    model: type[Model],
    data: Any,
    origin: Origin,
    location: tuple[Hashable, ...],
    problems: list[Problem],
) -> Model | None:
    """Validate one object; problems are added to the list.

    A key that is left empty counts as left out. Where only some keys have problems, what the others
    give is returned, so that one look finds the problems inside them too; None where nothing can
    be made of the rest.
    """
    if not isinstance(data, dict):
        what = say("must be a mapping of keys and values, got {found}", found=spell(data))
        problems.append(origin.problem(location, what))
        return None
    fields = model.model_fields
    given = {
        key: value
        for key, value in data.items()
        if value is not None or key not in fields or fields[key].is_required()
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        details = error.errors()
    shown = details[:_MOST_TOLD]
    problems.extend(_translate(detail, data, list(fields), origin, location) for detail in shown)
    if len(details) > len(shown):
        what = say("and {n} more problems of this kind", n=len(details) - len(shown))
        problems.append(origin.problem(location, what))
    wrong = {detail["loc"][0] for detail in details if detail["loc"]}
    try:
        return model.model_validate({k: v for k, v in given.items() if k not in wrong})
    except ValidationError:
        return None


def check_file(model: type[Model], document: Document, problems: list[Problem]) -> Model | None:
    """Validate the data of a file whose `id` is its name; problems are added to the list.

    As `check`; where only the id is wrong, what the file says is returned all the same.
    """
    head = check(model, document.data, document, (), problems)
    stem = Path(document.name).stem
    identifier = getattr(head, "id", stem)
    if identifier != stem:
        what = say("id '{id}' is not the file's name '{name}'", id=identifier, name=stem)
        problems.append(document.problem(("id",), what))
    return head


def spell(value: Any) -> str:
    """Spell a value as messages quote it, cut to a line."""
    if value is None:
        return say("nothing")
    if isinstance(value, dict):
        return say("a mapping")
    if isinstance(value, list | tuple):
        return say("a list")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _translate(
    detail: Any, data: Mapping[str, Any], keys: list[str], origin: Origin, base: tuple[Any, ...]
) -> Problem:
    path, label = _present_path(detail["loc"], data), detail["type"]
    if label == "extra_forbidden":
        key = str(detail["loc"][-1])
        return origin.problem(
            (*base, *path), say("unknown key '{key}'", key=key), name_hint(key, keys), at="key"
        )
    if label == "missing" and isinstance(detail["loc"][-1], str):
        return origin.problem(base, say("needs '{key}'", key=detail["loc"][-1]), at="key")
    name = ".".join(str(part) for part in path)
    what, hint = _describe(detail)
    return origin.problem(
        (*base, *path), say("{name}: {what}", name=name, what=what) if name else what, hint
    )


def _present_path(loc: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    """Keep the part of pydantic's path that the file has: union tags are pydantic's own."""
    path: list[Any] = []
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(part)
    return tuple(path)


_PLAIN: dict[str, Callable[[Any, Any], str]] = {
    "float_type": lambda _, got: say("must be a number, got {found}", found=got),
    "int_type": lambda _, got: say("must be a whole number, got {found}", found=got),
    "int_from_float": lambda _, got: say("must be a whole number, got {found}", found=got),
    "bool_type": lambda _, got: say("must be true or false, got {found}", found=got),
    "string_type": lambda _, got: say("must be text, got {found}", found=got),
    "string_too_short": lambda *_: say("must not be empty"),
    "string_too_long": lambda limits, _: say(
        "is longer than {most} characters", most=limits["max_length"]
    ),
    "finite_number": lambda _, got: say("must be a finite number, got {found}", found=got),
    "greater_than_equal": lambda limits, got: say(
        "must be at least {limit:g}, got {found}", limit=limits["ge"], found=got
    ),
    "greater_than": lambda limits, got: say(
        "must be above {limit:g}, got {found}", limit=limits["gt"], found=got
    ),
    "less_than_equal": lambda limits, got: say(
        "must be at most {limit:g}, got {found}", limit=limits["le"], found=got
    ),
    "less_than": lambda limits, got: say(
        "must be below {limit:g}, got {found}", limit=limits["lt"], found=got
    ),
    "dict_type": lambda _, got: say("must be a mapping, got {found}", found=got),
    "tuple_type": lambda _, got: say("must be a list, got {found}", found=got),
    "list_type": lambda _, got: say("must be a list, got {found}", found=got),
    "too_short": lambda limits, _: (
        say("must not be empty")
        if limits["min_length"] == 1
        else say("must have {n} entries", n=limits["min_length"])
    ),
    "too_long": lambda limits, _: say("must have {n} entries", n=limits["max_length"]),
    "string_pattern_mismatch": lambda _, got: say(
        "must be lower-case letters, digits and '_', starting with a letter, got {found}",
        found=got,
    ),
}


def _describe(detail: Any) -> tuple[str, str]:
    label, limits, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    if label == "literal_error":
        names = [name.strip("'") for name in limits["expected"].replace(" or ", ", ").split(", ")]
        hint = name_hint(str(value), names) if isinstance(value, str) else ""
        what = say(
            "must be one of {listed}, got {found}", listed=", ".join(names), found=spell(value)
        )
        return what, hint if "mean" in hint else ""
    if label == "value_error":
        return message_of(limits["error"]), ""
    if label == "missing":
        return say("too few entries"), ""
    if label in _PLAIN:
        hint = (
            say("put it in quotes")
            if label == "string_type" and isinstance(value, int | float)
            else ""
        )
        return _PLAIN[label](limits, spell(value)), hint
    message = f"{detail['msg'][0].lower()}{detail['msg'][1:]}"
    return say("{message}, got {found}", message=message, found=spell(value)), ""
