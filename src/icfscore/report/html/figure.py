"""A chart in the page: drawn already, and drawn anew with its tooltips where it can be."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from html import escape

from icfscore.report.charts.picture import Picture
from icfscore.report.charts.render import svg_of
from icfscore.report.charts.theme import FONT
from icfscore.report.vega import vega_bundle

_WORDS_INSIDE = re.compile(r"<title .*?</metadata>", re.DOTALL)
_INVISIBLE = re.compile(
    r' (?:class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"'
    r'| (?:fill-|stroke-)?opacity="1"'
    r'|<path class="(?:background|foreground)"[^>]*? (?:d="(?:M0,0h0v0h0Z)?"|display="none")[^>]*/>'
)
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_TAG = re.compile(r"<[^<>]*>")  # a tag: what stands between them is left alone
_LABELLED = re.compile(r' role="img" aria-labelledby="[^"]*"')


class Figures:
    """Makes the figures of a page, each picture once.

    Parameters
    ----------
    drawn
        Whether the pictures stand in the page as SVG, for readers without scripts and for paper;
        without them a script draws all.
    """

    def __init__(self, pictures: Mapping[str, Picture], *, drawn: bool = True) -> None:
        self._pictures = pictures
        self._drawn = drawn
        self.shown: dict[str, Picture] = {}

    def figure(self, kind: str, words: str) -> str:
        """Write the figure of one kind of chart; the words alone where it stands already."""
        picture = self._pictures.get(kind)
        if picture is None or kind in self.shown:
            return f"<p>{escape(words)}</p>\n"
        self.shown[kind] = picture
        svg = _bare(svg_of(picture)) if self._drawn else ""
        source = escape(" ".join(picture.source))
        return (
            f'<figure class="chart" data-kind="{escape(kind)}">'
            f'<div class="drawing" role="img" aria-label="{escape(words)}">{svg}</div>'
            f'<p class="source" hidden>{source}</p></figure>\n'
        )


def _bare(svg: str) -> str:
    """Take out of a picture its words, which stand around it, and what makes no difference.

    Numbers keep the hundredth of a pixel.
    """
    head, end, body = _LABELLED.sub("", _WORDS_INSIDE.sub("", svg), count=1).partition(">")
    kept = _TAG.sub(lambda found: _lighter(found[0]), body).strip()
    return f'{head} aria-hidden="true" font-family="{FONT}"{end}{kept}'


def _lighter(tag: str) -> str:
    return _LONG_NUMBER.sub(r"\1", _INVISIBLE.sub("", tag))


@cache
def packed_vega() -> str:
    """Pack the script that draws, to half its size; the browser unpacks it when it is needed."""
    return b64encode(gzip.compress(vega_bundle().encode(), mtime=0)).decode()
