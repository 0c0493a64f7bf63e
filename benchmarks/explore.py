"""Measures the page with the sliders in headless Chromium: size, start, what a slider's move takes.

    python -m benchmarks.explore [COMMUNITIES...]

Without numbers: the built-in project, then 21 and 200 communities of 32 indicators in 6 criteria.
A move is timed from the slider's event until the browser has laid out and painted the new ranking;
the work is what its main thread spends on a move in all, pictures included, whatever else the
machine does.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browser import start_browser

MOVES = 25
MEASURE = """
const [name, moves, done] = arguments;
const input = document.querySelector(`.weight[data-id=${name}] input`);
const times = [];
const step = (left) => {
  if (!left) return done(times);
  const start = performance.now();
  input.value = Math.random() * Number(input.max);
  input.dispatchEvent(new Event("input", {bubbles: true}));
  // The page draws in the next frame; a message after it comes when that frame is painted.
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      times.push(performance.now() - start);
      setTimeout(() => step(left - 1), 30);
    };
    channel.port2.postMessage(0);
  });
};
step(moves);
"""


def write_project(folder: Path, n_communities: int) -> None:
    """Write 6 criteria with 32 indicators, some values missing; the same every time."""
    draw = random.Random(2019)
    criteria = [[f"q{i}_{j}" for j in range(6 if i < 2 else 5)] for i in range(6)]
    entry = "  - {{id: {0}, name: Indicator {0}, unit: USD, direction: higher, kind: ratio}}\n"
    (folder / "criteria").mkdir(parents=True)
    names = [f"k{i}" for i in range(6)]
    (folder / "criteria/framework.yaml").write_text(
        f"id: many\nname: Many\ncriteria: [{', '.join(names)}]\n"
    )
    for name, indicators in zip(names, criteria, strict=True):
        listed = "".join(entry.format(each) for each in indicators)
        (folder / f"criteria/{name}.yaml").write_text(
            f"id: {name}\nname: Criterion {name}\nindicators:\n{listed}"
        )
    (folder / "communities").mkdir()
    (folder / "communities/sources.yaml").write_text("survey: {title: Survey}\n")
    (folder / "icfscore.yaml").write_text("focus: c7\n")
    for number in range(n_communities):
        values = "".join(
            f"  {name}: {draw.lognormvariate(3, 1):.4f}\n"
            for indicators in criteria
            for name in indicators
            if draw.random() > 0.1
        )
        head = f"id: c{number}\nname: Community {number}\nsource: survey\nobservations:\n"
        (folder / f"communities/c{number}.yaml").write_text(head + values)


def work_of(browser: Any) -> float:
    """Milliseconds of processor time that the page's main thread has taken."""
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def measure(name: str, project: Path | None, scratch: Path) -> None:
    page = scratch / "explore.html"
    command = [sys.executable, "-m", "icfscore", "explore", "-q", "-o", str(page)]
    start = time.perf_counter()
    subprocess.run([*command, *(["-C", str(project)] if project else [])], check=True, cwd=scratch)
    made = time.perf_counter() - start
    browser = start_browser(scratch)
    browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    ready = []
    for _ in range(5):
        browser.get("about:blank")
        browser.get(page.as_uri())
        ready.append(
            browser.execute_script(
                "return performance.timing.domInteractive - performance.timing.navigationStart"
            )
        )
    time.sleep(1)
    print(
        f"{name}: {page.stat().st_size / 1e6:.2f} MB, made in {made:.1f} s,"
        f" interactive after {statistics.median(ready):.0f} ms (least {min(ready)} ms)"
    )
    sliders = browser.execute_script(
        "return [...document.querySelectorAll('[data-share]')].map(e => e.dataset.share)"
    )
    within = browser.execute_script(
        "return document.querySelector('details [data-share]')?.dataset.share"
    )
    for slider in (sliders[0], within):
        if slider is None:
            continue
        for scale in ("", "rank"):
            browser.execute_script(
                """
                const s = document.getElementById('normalisation');
                s.value = arguments[0] || s.options[0].value;
                s.dispatchEvent(new Event('change'));""",
                scale,
            )
            time.sleep(1)
            before = work_of(browser)
            times = browser.execute_async_script(MEASURE, slider, MOVES)
            work = (work_of(browser) - before) / MOVES
            print(
                f"  {slider}{', ranks' if scale else ''}: median {statistics.median(times):.0f} ms,"
                f" least {min(times):.0f} ms, most {max(times):.0f} ms; work {work:.0f} ms"
            )
    browser.quit()


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or [21, 200]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if not sys.argv[1:]:
            measure("built-in", None, scratch)
        for size in sizes:
            write_project(scratch / str(size), size)
            measure(f"{size} communities x 32", scratch / str(size), scratch)


if __name__ == "__main__":
    main()
