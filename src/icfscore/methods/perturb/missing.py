"""What stands in for missing values from draw to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FixedMissing:
    """Gaps stay as the recipe's imputation leaves them.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["fixed"] = "fixed"


@dataclass(frozen=True, slots=True)
class HotDeck:
    """A gap takes the value of a donor community, drawn anew each time.

    References
    ----------
    Andridge and Little (2010), A review of hot deck imputation for survey non-response.
    https://doi.org/10.1111/j.1751-5823.2010.00103.x
    """

    kind: Literal["hot_deck"] = "hot_deck"


MissingUncertainty = FixedMissing | HotDeck
