"""Pictures as files: SVG, PNG and an HTML page, each whole in itself and without a network."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, cast

from icfscore.report.charts.picture import Picture
from icfscore.report.charts.theme import FONT, MUTED, PADDING, PAPER, SMALL
from icfscore.report.offline import safe_json

FORMATS = ("svg", "png", "html")
PNG_WIDTH = 1200
_LINE = 12  # pixels of a line of the source
_HEAD = re.compile(
    r'<svg [^>]*?width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"[^>]*>'
    r'<rect width="[\d.]+" height="[\d.]+" fill="[^"]*"/>'
)
_NUMBERED = re.compile(r"(?<=[\"#])(gradient_|clip)\d+(?=[\")])")
_VEGA_LITE = "6.4"


def svg_of(picture: Picture) -> str:
    """Draw a picture as SVG: title and description inside, the source beneath."""
    vl_convert = _renderer()
    quiet = {"config": {**picture.spec["config"], "aria": False}}
    spec = {**picture.spec, **quiet}
    drawn = cast("str", vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE))
    return _with_words(drawn, picture)


def png_of(picture: Picture, width: int = PNG_WIDTH) -> bytes:
    """Draw a picture as PNG, so many pixels wide."""
    vl_convert = _renderer()
    svg = svg_of(picture)
    found = re.search(r'width="([\d.]+)"', svg)
    scale = width / float(found[1]) if found else 1.0
    return cast("bytes", vl_convert.svg_to_png(svg, scale=scale))


@cache
def _renderer() -> Any:
    """Load the renderer, a second's work, with our letters."""
    import vl_convert

    vl_convert.register_font_directory(str(Path(__file__).with_name("fonts")))
    return vl_convert


def _with_words(drawn: str, picture: Picture) -> str:
    """Put a picture's words into its SVG, where assistive technology and archives find them."""
    head = _HEAD.match(drawn)
    if head is None:
        raise RuntimeError("the renderer writes SVG of another form than this was written for")
    width = float(head["width"])
    height = float(head["height"]) + _LINE * len(picture.source) + PADDING / 2
    opened = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="{picture.kind}-title {picture.kind}-desc"'
        f' lang="{escape(picture.language)}">'
        f'<title id="{picture.kind}-title">{escape(picture.title)}</title>'
        f'<desc id="{picture.kind}-desc">{escape(picture.alt)}</desc>'
        f"<metadata>{escape(fingerprint(picture))}</metadata>"
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>'
    )
    first = float(head["height"]) + PADDING
    lines = "".join(
        f'<text x="{PADDING}" y="{first + _LINE * number:g}">{escape(line)}</text>'
        for number, line in enumerate(picture.source)
    )
    source = f'<g font-family="{FONT}" font-size="{SMALL}px" fill="{MUTED}">{lines}</g>'
    body = _renumber(drawn[head.end() :].removesuffix("</svg>"), picture.kind)
    return f"{opened}{body}{source}</svg>\n"


def _renumber(body: str, kind: str) -> str:
    """Name what is referred to by the chart: several may come to stand in one page.

    The renderer counts on from picture to picture, whatever they are.
    """
    names: dict[str, str] = {}
    return _NUMBERED.sub(
        lambda found: names.setdefault(found[0], f"{kind}-{found[1]}{len(names) + 1}"), body
    )


def fingerprint(picture: Picture) -> str:
    """Name what was drawn and by what, so that a file can be checked without drawing it again."""
    vl_convert = _renderer()
    told = json.dumps([picture.spec, picture.source, picture.alt], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    return f"chart {digest}; Vega-Lite {_VEGA_LITE}; vl-convert {vl_convert.__version__}"


def html_of(picture: Picture) -> str:
    """Write a page with the picture, its tooltips and its words; one file, no network."""
    vl_convert = _renderer()
    script = cast("str", vl_convert.javascript_bundle()).replace("</script", r"<\/script")
    parts: dict[str, Any] = {
        "language": escape(picture.language),
        "title": escape(picture.title),
        "alt": escape(picture.alt),
        "source": escape(" ".join(picture.source)),
        "script": script,
        "spec": safe_json({**picture.spec, "width": "container"}),
    }
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], page)
