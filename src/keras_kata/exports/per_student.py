"""Exports that have a file for each student."""

from collections.abc import Callable

from keras_kata.display import harmless
from keras_kata.exports.grades import Export, Grades
from keras_kata.student_names import name_problem

__all__ = ["by_student"]


def by_student(grades: Grades, name: str, make: Callable[[str], str]) -> Export:
    """One file where there is one student, else a file of this name in each student's folder.

    A student whose name can't be a folder's is left out, and told as a problem.
    """
    problems = grades.problems()
    if len(grades.students) == 1:
        return Export({"": make(grades.students[0])}, tuple(problems))
    files = {}
    for student in grades.students:
        if problem := name_problem(student):
            problems.append(harmless(f"{student!r} {problem}: no file is written"))
        else:
            files[f"{student}/{name}"] = make(student)
    return Export(files, tuple(problems))
