"""Made-up projects for records that the built-in data cannot show: raters, votes and answers.

ICF publishes no scores of its analysts and no votes of its jury. Nothing here is anybody's.
"""

from __future__ import annotations

from pathlib import Path

from icfscore.domain.questions import answers_of, questions_of
from icfscore.files.project_folder import read_project
from icfscore.files.start import start_project

_AWARD = {
    "icfscore.yaml": """\
focus: beta
stages:
  - {id: long_list, inputs: {index: 1}, passes: 3}
  - {id: short_list, inputs: {index: 1, panel.analysts: 1}, passes: 2}
  - {id: winner, inputs: {ballots.jury: 1}, passes: 1}
""",
    "criteria/framework.yaml": """\
id: made_up
name: Made up
version: "1"
criteria: [air, work]
""",
    "criteria/air.yaml": """\
id: air
name: Air
indicators:
  - {id: dust, name: Fine dust, unit: ug/m^3, direction: lower, kind: ratio, bounds: [0, null]}
""",
    "criteria/work.yaml": """\
id: work
name: Work
indicators:
  - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share, bounds: [0, 100]}
  - {id: work_by_panel, name: Panel on work, unit: point, direction: higher, kind: index,
     bounds: [0, 10], panel: analysts}
""",
    "communities/sources.yaml": "made_up: {title: Made up}\n",
    "panels/analysts.yaml": """\
id: analysts
name: Made-up panel
source: made_up
rubric: [0, 10]
raters: {an: An, bo: Bo, chi: Chi}
scores:
  alpha: {work: {an: 6, bo: 8, chi: 7}}
  beta: {work: {an: 5, bo: 7, chi: 5}}
  gamma: {work: {an: 3, bo: 5}}
  delta: {work: {an: 2, bo: 5, chi: 3}}
""",
    "ballots/jury.yaml": """\
id: jury
name: Made-up jury
ballots:
  - {ranking: [alpha, beta, gamma], approves: [alpha], voters: 2}
  - {ranking: [gamma, alpha, beta], approves: [gamma, alpha]}
""",
}
_VALUES = {"alpha": (10, 62), "beta": (14, 58), "gamma": (9, 50), "delta": (30, 44)}
_COMMUNITY = """\
id: {id}
name: {name}
source: made_up
observations: {{dust: {dust}, jobs: {jobs}}}
"""


def write_award(folder: Path) -> None:
    """Write a project with a panel, a jury and stages."""
    files = dict(_AWARD)
    for name, (dust, jobs) in _VALUES.items():
        text = _COMMUNITY.format(id=name, name=name.title(), dust=dust, jobs=jobs)
        files[f"communities/{name}.yaml"] = text
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_assessment(folder: Path) -> None:
    """Write the self-assessment of a town that answered everything, one level after the other."""
    start_project(folder, framework="icf-self-assessment")
    tree = read_project(folder).project.tree
    lines = ["id: my_town", "name: My town", "source: self_assessment", "observations:"]
    for number, indicator in enumerate(questions_of(tree)):
        answers = answers_of(indicator)
        spelt = answers[number % len(answers)].spelt
        told = str(spelt).lower() if isinstance(spelt, bool) else spelt
        lines.append(f"  {indicator.id}: {{value: {told}, status: self_reported}}")
    (folder / "communities" / "my_town.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
