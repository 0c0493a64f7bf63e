"""Scores and ranks communities on a framework of criteria, and says what the ranking rests on.

From Python, ``icfscore.load(path).score().ranking.to_frame()``; see `load`. Names are imported when
they are first used, since ``icfscore --help`` must not wait for numerical libraries.
"""

import importlib

__version__ = "0.1.0"

_HOME = {
    "load": "icfscore.api.project",
    "Project": "icfscore.api.project",
    "Result": "icfscore.api.project",
    "Uncertainty": "icfscore.api.analyses",
    "Sensitivity": "icfscore.api.analyses",
    "Table": "icfscore.api.table",
    "IcfscoreError": "icfscore.errors",
    "InputError": "icfscore.errors",
}
__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'icfscore' has no attribute '{name}'")
    found: object = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
