"""Sentences are put together in English and can be said otherwise at the edge."""

from __future__ import annotations

import pickle

from icfscore.errors import InputError, Problem, name_hint
from icfscore.sentences import in_language, joined, say, say_many

WORDS = {
    "{n} of {all} values": "{all} giá trị, trong đó {n}",
    "ratio {ratio:.2f}": "tỷ số {ratio:.2f}",
    "{place}: {what}": "{place}: {what}",
    "did you mean '{near}'?": "ý bạn là '{near}'?",
}


def _translate(pattern: str) -> str:
    return WORDS.get(pattern, pattern)


def test_a_sentence_is_its_english_text() -> None:
    assert say("{n} of {all} values", n=2, all=5) == "2 of 5 values"


def test_parts_keep_their_places_in_another_order() -> None:
    sentence = say("{n} of {all} values", n=2, all=5)
    assert in_language(sentence, _translate) == "5 giá trị, trong đó 2"


def test_sentences_inside_sentences_are_said_too_with_the_decimal_sign() -> None:
    sentence = say("{place}: {what}", place="a.b", what=say("ratio {ratio:.2f}", ratio=0.125))
    assert in_language(sentence, _translate, (",", ".")) == "a.b: tỷ số 0,12"


def test_numbers_with_a_format_take_the_signs_and_others_stay() -> None:
    sentence = say(
        "{n_draws:,} draws of {year}: {share:.1%}", n_draws=12345, year=2019, share=0.125
    )
    assert in_language(sentence, str, (",", ".")) == "12.345 draws of 2019: 12,5%"


def test_a_sentence_that_depends_on_a_number_is_said_by_its_plural() -> None:
    files = say_many("{n} file", "{n} files", 1)
    assert files == "1 file"
    assert in_language(files, {"{n} files": "{n} tệp"}.__getitem__) == "1 tệp"


def test_joined_texts_and_sums_are_said_part_by_part() -> None:
    both = joined("; ", ["as it is", say("ratio {ratio:.2f}", ratio=1.5)])
    assert both == "as it is; ratio 1.50"
    assert in_language(both, _translate, (",", ".")) == "as it is; tỷ số 1,50"
    assert in_language("x " + both + "!", _translate, (",", ".")) == "x as it is; tỷ số 1,50!"


def test_what_a_user_wrote_is_left_alone() -> None:
    assert in_language("{n} of {all} values", _translate) == "{n} of {all} values"
    braces = say("{place}: {what}", place="{n}", what="}{")
    assert in_language(braces, _translate) == "{n}: }{"


def test_an_error_inside_a_sentence_is_said() -> None:
    error = ValueError(say("ratio {ratio:.2f}", ratio=2.0))
    assert in_language(say("{place}: {what}", place="x", what=error), _translate) == "x: tỷ số 2.00"


def test_problems_keep_their_place_and_take_their_hint_along() -> None:
    error = InputError([Problem("a.yaml", 3, 4, "no", name_hint("dst", ["dust"]))])
    assert str(error) == "a.yaml:3:4: no; did you mean 'dust'?"
    assert error.spoken(_translate) == "a.yaml:3:4: no; ý bạn là 'dust'?"


def test_a_sentence_survives_the_way_to_another_process() -> None:
    for sentence in (say("{n} of {all} values", n=2, all=5), joined(", ", ["a", "b"])):
        copy = pickle.loads(pickle.dumps(sentence))  # noqa: S301 - our own bytes
        assert copy == sentence
        assert in_language(copy, _translate) == in_language(sentence, _translate)
