"""Run the benchmarks: `nox -s bench`, or `nox -s bench -- module6/bellman_update` for some exercises."""

import sys
from pathlib import Path

import exercise_times

from keras_kata.course import Course

ROOT = Path(__file__).parents[1]


def main(names: list[str]) -> None:
    """Measure the named exercises, or all."""
    course = Course(ROOT)
    slugs = [course[name].slug for name in names] or list(course.exercises)
    rows = exercise_times.run(slugs)
    exercise_times.save(rows, ROOT / "benchmarks" / "results")
    print("Judging a right answer, in seconds; `of target` above 1 is too slow.\n")
    print(exercise_times.table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
