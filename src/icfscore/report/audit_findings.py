"""What the audit found, in plain language, worst first.

Decisions. A finding is something that a reader of the index must know before believing it; what is
in order is no finding and stands in the tables. Severity is *serious* where the scores may not mean
what their names say, *caution* where they mean less than they seem to, *note* where something could
not be told or could be better placed. The bounds are those of the literature where there are some
(0.7 for alpha: Nunnally 1978; 0.92 and |G1| > 2 with G2 > 3.5: the European Commission's audits;
0.6 with a denominator: COINr) and else a half: of the communities, of the values, of a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from icfscore.pipeline.audit import Audit
from icfscore.report.audit_finding import SEVERITIES, Finding
from icfscore.report.audit_findings_data import (
    constant,
    left_out,
    outliers,
    own_values,
    poorly_comparable,
    proxies,
    repeated,
    sizes,
)
from icfscore.report.audit_findings_structure import (
    against_own_score,
    consistency,
    dimensions,
    drivers,
    drivers_within,
    nearer_elsewhere,
    offsetting,
    removals,
    same,
)
from icfscore.report.audit_words import Teller
from icfscore.report.language import Language

# Within a severity findings keep this order.
_TELLERS: tuple[Callable[[Teller], Iterator[Finding]], ...] = (
    proxies,
    drivers,
    against_own_score,
    own_values,
    constant,
    consistency,
    same,
    offsetting,
    drivers_within,
    repeated,
    outliers,
    sizes,
    poorly_comparable,
    removals,
    nearer_elsewhere,
    dimensions,
    left_out,
)


def findings(
    audit: Audit, language: Language, escape: Callable[[str, int], str]
) -> tuple[Finding, ...]:
    """Tell what the audit found, worst first.

    Parameters
    ----------
    escape
        Makes a name harmless, and no longer than so many characters, in the format at hand.
    """
    teller = Teller(audit, language, escape)
    found = [finding for tell in _TELLERS for finding in tell(teller)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
