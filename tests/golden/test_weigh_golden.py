"""Weightings that look at the data against numbers that others published."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import (
    Critic,
    Entropy,
    Equal,
    Given,
    Merec,
    PrincipalComponents,
    StandardDeviation,
)
from icfscore.methods.weigh.columns import Columns, correlations
from icfscore.methods.weigh.principal_components import rotated_weights
from icfscore.methods.weigh.varimax import varimax

TAI_NAMES = (
    *("patents", "royalties", "internet", "exports"),
    *("telephones", "electricity", "schooling", "university"),
)
TAI = np.array(
    [
        [187, 125.6, 200.2, 50.7, 3.08, 4.15, 10.0, 27.4],
        [289, 130.0, 179.1, 66.2, 3.00, 4.07, 12.0, 13.9],
        [271, 156.6, 125.8, 59.7, 3.10, 4.14, 11.4, 15.3],
        [994, 64.6, 49.0, 80.8, 3.00, 3.86, 9.5, 10.0],
        [779, 9.8, 4.8, 66.7, 2.97, 3.65, 10.8, 23.2],
        [189, 151.2, 136.0, 50.9, 3.02, 3.77, 9.4, 9.5],
        [82, 134.0, 57.4, 61.9, 3.02, 3.73, 9.4, 14.9],
        [31, 38.6, 108.0, 48.7, 2.94, 4.18, 11.6, 14.2],
        [75, 18.2, 125.9, 16.2, 2.94, 3.94, 10.9, 25.3],
        [8, 25.5, 72.3, 74.9, 2.95, 3.83, 7.1, 24.2],
        [235, 36.8, 41.2, 64.2, 2.94, 3.75, 10.2, 14.4],
        [103, 20.2, 193.6, 19.0, 3.12, 4.39, 11.9, 11.2],
        [106, 110.3, 48.6, 53.6, 2.97, 3.68, 9.4, 12.3],
        [72, 73.9, 58.9, 47.6, 2.91, 3.86, 9.3, 13.6],
        [103, 13.0, 146.7, 15.4, 2.86, 3.91, 11.7, 13.1],
        [165, 14.8, 84.2, 50.3, 2.99, 3.79, 8.4, 13.6],
        [205, 33.6, 36.4, 58.9, 2.97, 3.80, 7.9, 12.6],
        [74, 43.6, 43.2, 45.0, 2.96, 3.74, 9.6, 11.0],
        [42, 8.6, 21.0, 53.4, 2.86, 3.62, 7.3, 15.6],
        [13, 9.8, 30.4, 51.0, 3.00, 3.65, 7.2, 13.0],
        [28, 4.2, 25.0, 51.7, 2.75, 3.68, 9.5, 8.2],
        [26, 6.2, 21.6, 63.5, 2.73, 3.46, 9.1, 7.7],
        [105, 4.0, 20.3, 49.5, 2.84, 3.71, 7.1, 10.6],
    ]
)
"""OECD and JRC (2008), Handbook on Constructing Composite Indicators, table A.2, first 23 rows."""


def weights_as_given() -> Siblings:
    return Siblings.of(8, names=TAI_NAMES)


def test_given_and_equal_are_the_handbook_s_eighths() -> None:
    """Handbook, table 22, row EW: 0.13 for each of eight indicators; printed with two digits."""
    for weighting in (Given(), Equal()):
        assert weighting(TAI, weights_as_given()) == pytest.approx([0.13] * 8, abs=5.1e-3)


def test_entropy_of_suppliers() -> None:
    """Elsayed, Dawood and Karthikeyan (2017), Int. J. Eng. Trends Technol. 46(2), 60-66, with the
    digits of pymcdm 1.4.0, test_weights.py, TestEntropyWeights; printed with six digits.
    """
    x = np.array(
        [
            [7, 312, 1891, 6613, 163],
            [72, 88, 728, 941804, 1078],
            [10, 252, 2594, 3466, 117471],
            [10, 145, 980, 2371, 86329],
            [65, 54, 350, 501, 29897],
            [29, 48, 380, 912, 34051],
            [7, 476, 3300, 78470, 2212],
            [70, 87, 650, 733, 819000],
            [4, 86, 591, 3015, 103],
            [12, 79, 579, 3240, 96098],
            [21, 45, 261, 1253, 453],
            [1, 72, 530, 4333, 0.104800],
        ]
    )
    expected = [0.104991, 0.069124, 0.071373, 0.449937, 0.304575]
    assert Entropy()(x, Siblings.of(5)) == pytest.approx(expected, abs=5e-7)


def test_entropy_of_two_by_two() -> None:
    """scikit-criteria, tests/preprocessing/test_weighters.py, test_EntropyWeighter_simple_matrix; compared there to 1e-5."""
    x = np.array([[1.0, 2.0], [4.0, 16.0]])
    assert Entropy()(x, Siblings.of(2)) == pytest.approx([0.358889, 0.641111], abs=1e-5)


def test_standard_deviation_of_two_by_two() -> None:
    """scikit-criteria, tests/preprocessing/test_weighters.py, test_StdWeighter_simple_matrix; compared there to 1e-5."""
    x = np.array([[1.0, 2.0], [4.0, 16.0]])
    assert StandardDeviation()(x, Siblings.of(2)) == pytest.approx([0.176471, 0.82353], abs=1e-5)


def test_standard_deviation_of_hip_implant_materials() -> None:
    """Jahan and Edwards (2013), Materials & Design 49, 1000-1008 (also pymcdm's TestSTDWeights);
    printed with two digits.
    """
    x = np.array(
        [
            [0, 0, 0],
            [0.39, 0.3, 0.77],
            [0.17, 0.36, 0.8],
            [0.35, 0.29, 0.93],
            [0.3, 0.4, 0.94],
            [0.84, 0.71, 1],
            [1, 1, 0.99],
        ]
    )
    shares = StandardDeviation()(x, Siblings.of(3))
    assert shares == pytest.approx([0.35, 0.31, 0.34], abs=5e-3)


def test_critic_of_greek_firms() -> None:
    """Diakoulaki, Mavrotas and Papayannakis (1995), with the digits of scikit-criteria,
    test_CRITIC_diakoulaki1995determining; printed with eight digits.
    """
    x = np.array(
        [
            [61, 1.08, 4.33],
            [20.7, 0.26, 4.34],
            [16.3, 1.98, 2.53],
            [9.0, 3.29, 1.65],
            [5.4, 2.77, 2.33],
            [4.0, 4.12, 1.21],
            [-6.1, 3.52, 2.10],
            [-34.6, 3.31, 0.98],
        ]
    )
    expected = [0.20222554, 0.48090173, 0.31687273]
    assert Critic()(x, Siblings.of(3)) == pytest.approx(expected, abs=5e-9)


def test_critic_of_attendance_software() -> None:
    """Tuş and Aytaç Adalı (2019), Opsearch 56, 528-538 (also pymcdm's TestCRITICWeights); printed
    with three digits.
    """
    x = np.array(
        [
            [5000, 3, 3, 4, 3, 2],
            [680, 5, 3, 2, 2, 1],
            [2000, 3, 2, 3, 4, 3],
            [600, 4, 3, 1, 2, 2],
            [800, 2, 4, 3, 3, 4],
        ]
    ).astype(float)
    expected = [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]
    assert Critic()(x, Siblings.of(6)) == pytest.approx(expected, abs=5.1e-4)


def test_merec_of_the_paper_s_example() -> None:
    """Keshavarz-Ghorabaee et al. (2021), worked example, two benefits and two costs, whose oriented
    values are negative; printed with four digits.
    """
    natural = np.array(
        [
            [450, 8000, 54, 145],
            [10, 9100, 2, 160],
            [100, 8200, 31, 153],
            [220, 9300, 1, 162],
            [5, 8400, 23, 158],
        ]
    ).astype(float)
    cost = np.array([False, False, True, True])
    shares = Merec()(np.where(cost, -natural, natural), Siblings.of(4, cost=cost))
    assert shares == pytest.approx([0.5752, 0.0141, 0.4016, 0.0091], abs=5e-5)


US_ARRESTS = """
13.2 236 58 21.2; 10 263 48 44.5; 8.1 294 80 31; 8.8 190 50 19.5; 9 276 91 40.6; 7.9 204 78 38.7;
3.3 110 77 11.1; 5.9 238 72 15.8; 15.4 335 80 31.9; 17.4 211 60 25.8; 5.3 46 83 20.2;
2.6 120 54 14.2; 10.4 249 83 24; 7.2 113 65 21; 2.2 56 57 11.3; 6 115 66 18; 9.7 109 52 16.3;
15.4 249 66 22.2; 2.1 83 51 7.8; 11.3 300 67 27.8; 4.4 149 85 16.3; 12.1 255 74 35.1;
2.7 72 66 14.9; 16.1 259 44 17.1; 9 178 70 28.2; 6 109 53 16.4; 4.3 102 62 16.5; 12.2 252 81 46;
2.1 57 56 9.5; 7.4 159 89 18.8; 11.4 285 70 32.1; 11.1 254 86 26.1; 13 337 45 16.1; 0.8 45 44 7.3;
7.3 120 75 21.4; 6.6 151 68 20; 4.9 159 67 29.3; 6.3 106 72 14.9; 3.4 174 87 8.3; 14.4 279 48 22.5;
3.8 86 45 12.8; 13.2 188 59 26.9; 12.7 201 80 25.5; 3.2 120 80 22.9; 2.2 48 32 11.2; 8.5 156 63 20.7;
4 145 73 26.2; 5.7 81 39 9.3; 2.6 53 66 10.8; 6.8 161 60 15.6
"""


def test_first_loadings_of_us_arrests() -> None:
    """James, Witten, Hastie and Tibshirani, An Introduction to Statistical Learning, lab on
    principal components: R's prcomp(USArrests, scale = TRUE), first column, printed with seven digits.
    """
    x = np.array([row.split() for row in US_ARRESTS.split(";")]).astype(float)
    loadings = np.array([0.5358995, 0.5831836, 0.2781909, 0.5434321])
    shares = PrincipalComponents()(x, Siblings.of(4))
    assert shares == pytest.approx(loadings / loadings.sum(), abs=1e-7)


HANDBOOK_TABLE_17 = np.array(
    [
        [0.07, 0.97, 0.06, 0.06],
        [0.13, 0.07, -0.07, 0.93],
        [0.79, -0.21, 0.21, 0.42],
        [-0.64, 0.56, -0.04, 0.36],
        [0.37, 0.17, 0.38, 0.68],
        [0.82, -0.04, 0.25, 0.35],
        [0.88, 0.23, -0.09, 0.09],
        [0.08, 0.04, 0.96, 0.04],
    ]
)


def leading_components() -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh(correlations(Columns.of(TAI)))
    return values[::-1], vectors[:, ::-1]


def test_eigenvalues_of_the_technology_achievement_index() -> None:
    """Handbook, table 16. The tolerance of 0.12 percentage points is the data's: table A.2
    prints rounded logarithms, and 5.9 comes of them where table 16 prints 6.0.
    """
    values, _ = leading_components()
    printed = [41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9]
    assert values / 8 * 100 == pytest.approx(printed, abs=0.12)


def test_varimax_gives_the_handbook_s_rotated_loadings() -> None:
    """Handbook, table 17, four factors, up to their signs. Printed with two digits; 0.013 for the
    rounded logarithms of table A.2 (see the eigenvalues).
    """
    values, vectors = leading_components()
    rotated = varimax(vectors[:, :4] * np.sqrt(values[:4]))
    signs = np.sign((rotated * HANDBOOK_TABLE_17).sum(axis=0))
    assert rotated * signs == pytest.approx(HANDBOOK_TABLE_17, abs=0.013)
    assert (rotated**2).sum(axis=0) == pytest.approx([2.64, 1.39, 1.19, 1.76], abs=0.025)


def test_the_handbook_s_rotation_is_varimax_with_kaiser_normalisation() -> None:
    """Handbook, table 17: its loadings are a fixed point, up to their two digits. (Varimax on rows
    that are not scaled moves them by 0.028.)
    """
    assert varimax(HANDBOOK_TABLE_17) == pytest.approx(HANDBOOK_TABLE_17, abs=5e-3)


def test_weights_of_the_technology_achievement_index() -> None:
    """Handbook, table 18, column PC: two digits; 0.0052 for the rounded logarithms of table A.2
    (patents: 0.1649 against 0.17; from the loadings of table 17 itself 0.5e-2 is enough).
    """
    printed = [0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16]
    w = rotated_weights(*leading_components(), 4)
    assert w / w.sum() == pytest.approx(printed, abs=5.2e-3)
    squared = (HANDBOOK_TABLE_17**2).max(axis=1)
    assert squared / squared.sum() == pytest.approx(printed, abs=5e-3)


def test_the_rule_itself_keeps_two_components_of_the_technology_achievement_index() -> None:
    """Handbook, table 16: eigenvalues 3.3, 1.7, 1.0 (0.985 unrounded), 0.9; the first two are above
    one and explain 63.7 %. The handbook keeps four ("close to unity"), the rule it states two.
    """
    shares = PrincipalComponents("oecd")(TAI, weights_as_given())
    w = rotated_weights(*leading_components(), 2)
    assert shares == pytest.approx(w / w.sum(), abs=1e-12)
    (note,) = PrincipalComponents("oecd").notes(TAI, weights_as_given())
    assert note.text == "principal components used explain 41.9%, 21.8%"


def test_exports_move_against_the_technology_achievement_index() -> None:
    """Handbook, table 17: exports load -0.64 where internet, electricity and schooling load most;
    on the first component they are the only one of the opposite sign.
    """
    with pytest.raises(MethodError, match="its loading on the first principal component") as caught:
        PrincipalComponents()(TAI, weights_as_given())
    assert caught.value.column == TAI_NAMES.index("exports")
