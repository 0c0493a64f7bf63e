"""Times whole processes side by side: `import pandas`, `icfscore --help`, `icfscore rank`.

python benchmarks/start_up.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS = {
    "import pandas": ["-c", "import pandas"],
    "icfscore --help": ["-m", "icfscore", "--help"],
    "icfscore rank --draws 0": ["-m", "icfscore", "rank", "--draws", "0"],
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as empty:
        for _ in range(rounds + 1):  # in turns, so that a busy machine slows all alike
            for name, arguments in COMMANDS.items():
                start = time.perf_counter()
                command = [sys.executable, *arguments]
                subprocess.run(command, cwd=empty, check=True, capture_output=True)
                seconds[name].append(time.perf_counter() - start)
    yardstick = statistics.median(seconds["import pandas"][1:])
    for name, taken in seconds.items():
        median = statistics.median(taken[1:])
        print(f"{name:26} {median * 1000:6.0f} ms  {median / yardstick:5.2f} of import pandas")


if __name__ == "__main__":
    main()
