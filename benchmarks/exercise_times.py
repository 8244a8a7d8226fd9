"""How long judging a right answer of each exercise takes, and where the time goes.

Each exercise is judged in a process of its own, on one core, after everything is imported and TensorFlow has
run a first operation. Times are in seconds; the shares add up to the whole.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
TARGETS = {"numpy": 0.3, "keras": 1.5, "training": 4.0}
TRAINED = {
    "module2/stop_at_accuracy",
    "module2/training_curves",
    "module2/two_phase_fine_tuning",
    "module5/custom_training_loop",
    "module6/dqn_agent",
}


def measure(slug: str) -> dict[str, float | str]:
    """Judge the reference of one exercise in this process."""
    import hypothesis.extra.numpy  # noqa: F401 - imported before the clock starts

    from keras_kata.cases import draw
    from keras_kata.course import Course
    from keras_kata.judge import Judge

    course = Course(ROOT)
    started = perf_counter()
    judge = Judge(course, course[slug])
    loading = perf_counter() - started
    uses_keras = "keras" in sys.modules
    if uses_keras:
        import tensorflow as tf

        tf.add(tf.zeros(1), 1)
    drawing = -perf_counter()
    for probe in judge.probes.values():
        if probe.cases is not None:
            draw(probe.cases, probe.count, judge.seed)
    drawing += perf_counter()
    submission = judge.load(course[slug].solution / "reference.py")
    started = perf_counter()
    verdicts = judge.judge_all(submission)
    whole = perf_counter() - started
    assert all(verdict.earned == verdict.points for verdict in verdicts), (
        f"{slug}: the reference loses points"
    )
    reference = sum(
        answer.seconds for probe in judge.probes.values() for answer in judge.known.trial(probe).expected
    )
    again = -perf_counter()
    judge.judge_all(submission)  # cases and the reference's answers are kept now
    again += perf_counter()
    kind = "training" if slug in TRAINED else "keras" if uses_keras else "numpy"
    return {
        "exercise": slug,
        "kind": kind,
        "whole": whole,
        "drawing": drawing,
        "reference": reference,
        "submission": again,
        "loading": loading,
        "of target": whole / TARGETS[kind],
    }


def run(slugs: list[str]) -> list[dict[str, float | str]]:
    """Measure exercises one after the other, each in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        return list(pool.map(measure, slugs))


def table(rows: list[dict[str, float | str]]) -> str:
    """The rows as text, slowest in relation to its target first."""
    names = list(rows[0])
    lines = ["  ".join(f"{name:<36}" if name == "exercise" else f"{name:>10}" for name in names)]
    for row in sorted(rows, key=lambda row: -float(row["of target"])):
        figures = [f"{row[name]:>10.2f}" for name in names[2:]]
        lines.append("  ".join([f"{row['exercise']:<36}", f"{row['kind']:>10}", *figures]))
    return "\n".join(lines)


def save(rows: list[dict[str, float | str]], folder: Path) -> None:
    """Write the table and the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "exercise_times.json").write_text(json.dumps(rows, indent=1))
    (folder / "exercise_times.txt").write_text(table(rows) + "\n")


def main(names: list[str]) -> None:
    """Measure the named exercises, or all."""
    from keras_kata.course import Course

    course = Course(ROOT)
    rows = run([course[name].slug for name in names] or list(course.exercises))
    save(rows, ROOT / "benchmarks" / "results")
    print("Judging a right answer, in seconds; `of target` above 1 is too slow.\n")
    print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
