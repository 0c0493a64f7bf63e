"""Raters' scores: how far they can be relied on, and what is left of them without severity."""

from icfscore.methods.panel.additive import RaterModel, fit_raters
from icfscore.methods.panel.alpha import LEVELS, AlphaLevel, alpha_interval, krippendorff_alpha
from icfscore.methods.panel.intraclass import Intraclass, intraclass

__all__ = [
    "LEVELS",
    "AlphaLevel",
    "Intraclass",
    "RaterModel",
    "alpha_interval",
    "fit_raters",
    "intraclass",
    "krippendorff_alpha",
]
