"""Vega for pages that work without a network."""

from __future__ import annotations

import re
from functools import cache

_SCRIPT_END = re.compile(r"(?i)<(?=/script|!--|script)")


@cache
def vega_bundle() -> str:
    """Bundle Vega-Embed, Vega-Lite and Vega as one script for a page, global `vegaEmbed`.

    It comes from the package that carries it, nothing is fetched; that takes some seconds. No text
    in it can end the script element that it stands in.
    """
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return _SCRIPT_END.sub(r"\\x3c", bundle)
