"""Run the benchmarks: `nox -s bench` all of them, hours; `nox -s bench -- exercise_times module6/bellman_update` one.

Each is a program of its own, with options of its own; `--help` after its name tells them. What they measure is printed,
and written into `benchmarks/results/` as a table and as JSON.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = (
    ["exercise_times"],
    ["watch_latency"],
    ["grading_a_class", "--sizes", "10", "100", "1000"],
    ["grading_a_class"],
)


def main(arguments: list[str]) -> int:
    """Run what was named, or everything; the exit status."""
    status = 0
    for name, *options in [arguments] if arguments else ALL:
        print(f"{name} {' '.join(options)}", flush=True)
        status |= subprocess.call([sys.executable, str(HERE / f"{name}.py"), *options])
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
