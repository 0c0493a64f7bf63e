"""What a community can be asked: indicators whose values are words, with what counts as each."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.domain.criteria import CriteriaTree, Indicator
from icfscore.domain.text import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question.

    Attributes
    ----------
    word
        What stands for it: a level's word, or `yes` and `no`.
    value
        What it counts.
    spelt
        As files spell it.
    text
        What counts as it; its name, or the word itself, where the framework does not say.
    """

    word: str
    value: float
    spelt: str | bool
    text: Text


def answers_of(indicator: Indicator) -> tuple[Answer, ...]:
    """List the answers that an indicator admits, the lowest value first; none if it is measured."""
    rubric = {**(indicator.level_names or {}), **(indicator.rubric or {})}
    if indicator.levels:
        listed = sorted(indicator.levels.items(), key=lambda pair: pair[1])
        return tuple(Answer(word, value, word, rubric.get(word, word)) for word, value in listed)
    if indicator.kind == "boolean":
        pairs = (("no", False), ("yes", True))
        return tuple(
            Answer(word, float(spelt), spelt, rubric.get(word, word)) for word, spelt in pairs
        )
    return ()


def questions_of(tree: CriteriaTree) -> tuple[Indicator, ...]:
    """List the indicators that can be asked for, in the framework's order; raters fill panels."""
    return tuple(
        indicator
        for indicator in tree.indicators
        if indicator.panel is None and answers_of(indicator)
    )


def next_answer(indicator: Indicator, value: float) -> Answer | None:
    """Find the answer one step better than a value; None at the top."""
    better = [each for each in answers_of(indicator) if indicator.sign * (each.value - value) > 0]
    return min(better, key=lambda each: abs(each.value - value), default=None)
