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
from icfscore.report.vega import vega_bundle

_WORDS_INSIDE = re.compile(r"<title .*?</metadata>", re.DOTALL)
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
    """Take a picture's words out of it: they stand around it, and would pop up over it."""
    return _LABELLED.sub(' aria-hidden="true"', _WORDS_INSIDE.sub("", svg), count=1).strip()


@cache
def packed_vega() -> str:
    """Pack the script that draws, to half its size; the browser unpacks it when it is needed."""
    return b64encode(gzip.compress(vega_bundle().encode(), mtime=0)).decode()
