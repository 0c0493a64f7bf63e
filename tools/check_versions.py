"""Hold the versions that pyproject.toml allows against the tests and the known vulnerabilities.

python tools/check_versions.py lowest [--python PYTHON] [PYTEST OPTIONS]
    the lowest version of each direct dependency, on the oldest Python
python tools/check_versions.py newest [--python PYTHON] [PYTEST OPTIONS]
    the newest of everything, on the newest Python found
python tools/check_versions.py audit
    both sets of versions against PyPI's and OSV's advisories

Each works in a fresh virtual environment outside the tree. Status 1: tests fail, or a vulnerability
is known. Status 3: neither service answered, so nothing is known.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("dask", "docx", "pandas", "parquet", "test")
RESOLUTION = {"lowest": "lowest-direct", "newest": "highest"}
NEWEST_LOOKED_FOR = 30  # python3.30
UNKNOWN = 3


def oldest_python() -> str:
    """Read the oldest Python that pyproject.toml claims."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return "python" + str(project["requires-python"]).removeprefix(">=")


def newest_python() -> str:
    """Find the newest Python that starts."""
    for minor in range(NEWEST_LOOKED_FOR, 10, -1):
        name = f"python3.{minor}"
        if shutil.which(name) and not _status([name, "-c", ""], quiet=True):
            return name
    return sys.executable


def _status(command: list[str], *, quiet: bool = False, **variables: str) -> int:
    output = subprocess.DEVNULL if quiet else None
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=ROOT, env=environment, stderr=output, check=False)  # noqa: S603
    return done.returncode


def _tools(scratch: Path, *packages: str) -> Path:
    """Install tools of PyPI beside the tree: the folder of their commands."""
    subprocess.run([sys.executable, "-m", "venv", scratch / "tools"], check=True)  # noqa: S603
    commands = scratch / "tools/bin"
    subprocess.run([commands / "pip", "install", "-q", *packages], check=True)  # noqa: S603
    return commands


def run_tests(versions: str, python: str, options: list[str]) -> int:
    """Install the package with these versions of its dependencies and run its tests."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        uv = str(_tools(scratch, "uv") / "uv")
        tested = scratch / "tested"
        wanted = ["--resolution", RESOLUTION[versions], "-e", f".[{','.join(EXTRAS)}]"]
        steps = [
            [uv, "venv", "-q", "--no-python-downloads", "--python", python, str(tested)],
            [uv, "pip", "install", "-q", *wanted],
            [uv, "pip", "list"],
            [str(tested / "bin/python"), "-m", "pytest", "-q", *options],
        ]
        for step in steps:
            if status := _status(step, VIRTUAL_ENV=str(tested)):
                return status
    return 0


def audit() -> int:
    """Ask both services about both sets of versions; a package not found is one not audited."""
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        commands = _tools(scratch, "uv", "pip-audit")
        for versions, resolution in RESOLUTION.items():
            pins = scratch / f"{versions}.txt"
            extras = [word for extra in EXTRAS for word in ("--extra", extra)]
            compiled = [commands / "uv", "pip", "compile", "-q", "pyproject.toml", *extras]
            compiled += ["--resolution", resolution, "--no-annotate", "-o", pins]
            subprocess.run(compiled, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            found = [_ask(commands, pins, service) for service in ("pypi", "osv")]
            for service, told in zip(("pypi", "osv"), found, strict=True):
                print(f"{versions}, {service}: {told or 'did not answer'}")
            if not any(found):
                return worst or UNKNOWN
            worst = max(worst, 1 if any("vulnerable" in told for told in found) else 0)
    return worst


def _ask(commands: Path, pins: Path, service: str) -> str:
    """Audit pinned versions with one service; "" where it answered for none of them."""
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "20"]
    command = [commands / "pip-audit", "-r", pins, "-s", service, "-f", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return ""
    audited = [each for each in packages if "skip_reason" not in each]
    bad = [
        f"{each['name']} {each['version']} ({', '.join(bug['id'] for bug in each['vulns'])})"
        for each in audited
        if each["vulns"]
    ]
    if not audited:
        return ""
    told = f"{len(audited)} of {len(packages)} packages known"
    return f"{told}, vulnerable: {'; '.join(bad)}" if bad else f"{told}, none with a vulnerability"


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=[*RESOLUTION, "audit"])
    parser.add_argument("--python", help="the Python to test with")
    given, options = parser.parse_known_args()
    if given.what == "audit":
        return audit()
    usual = oldest_python() if given.what == "lowest" else newest_python()
    return run_tests(given.what, given.python or usual, options)


if __name__ == "__main__":
    sys.exit(main())
