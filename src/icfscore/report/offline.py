"""Pages of one file that load nothing: their policy, and data that cannot end the script."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from icfscore.report.language import Language

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def safe_json(record: Any) -> str:
    """Spell a record so that no text in it can end or open anything in HTML."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda sign: _UNSAFE[sign[0]], text)


def policy(scripts: Iterable[str], *, images: bool = False) -> str:
    """Allow the page's own scripts, told by their hashes, and no request to anywhere.

    Parameters
    ----------
    images
        Whether pictures may stand in the page itself, as data.
    """
    hashes = " ".join(
        f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    shown = " img-src data:;" if images else ""
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline';{shown}"
        " base-uri 'none'; form-action 'none'"
    )


def page_templates(language: Language, folder: str) -> Environment:
    """Read a page's templates from a folder of this package; what goes in is escaped."""
    environment = Environment(
        loader=PackageLoader("icfscore.report", folder),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(language.catalogue, newstyle=True)
    return environment
