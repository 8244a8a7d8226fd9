"""JUnit XML: a suite for each student's exercise, a case for each probe, as CI servers read it.

Written to the stricter of the schemas in use (that of Apache Ant's JUnit task, which Jenkins's follows): the
order of elements, the counts, and properties at the suite only.
"""

import re
import xml.etree.ElementTree as ET

from keras_kata.exports.cells import number
from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.results import Result, SavedVerdict

__all__ = ["export"]

# What XML 1.0 has no place for, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(grades: Grades) -> Export:
    """One document for all students."""
    root = ET.Element("testsuites")
    for place, result in enumerate(grades.results):
        root.append(_suite(grades, result, place))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return Export({"": f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'}, tuple(grades.problems()))


def _suite(grades: Grades, result: Result, place: int) -> ET.Element:
    errors = sum(verdict.is_grader_error for verdict in result.verdicts)
    passed = sum(verdict.outcome == "passed" for verdict in result.verdicts)
    suite = ET.Element(
        "testsuite",
        {
            "name": _xml(f"{result.student}/{result.exercise}"),
            "id": str(place),
            "package": _xml(result.student),
            "hostname": "localhost",
            # The schema's own form: seconds, and no time zone (it is UTC).
            "timestamp": result.graded.strftime("%Y-%m-%dT%H:%M:%S"),
            "tests": str(len(result.verdicts)),
            "failures": str(len(result.verdicts) - passed - errors),
            "errors": str(errors),
            "skipped": "0",
            "time": f"{result.seconds:.3f}",
        },
    )
    properties = ET.SubElement(suite, "properties")
    totals = {"points": result.points, "max_points": result.max_points}
    named = {f"{v.probe}.points": v.points for v in result.verdicts}
    named |= {f"{v.probe}.max_points": v.max_points for v in result.verdicts}
    for name, value in (totals | named).items():
        ET.SubElement(properties, "property", {"name": _xml(name), "value": number(value)})
    for verdict in result.verdicts:
        suite.append(_case(grades, result, verdict))
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _case(grades: Grades, result: Result, verdict: SavedVerdict) -> ET.Element:
    about = {
        "name": _xml(verdict.probe),
        "classname": _xml(f"{result.student}.{result.exercise.replace('/', '.')}"),
        "time": f"{verdict.seconds:.3f}",
    }
    case = ET.Element("testcase", about)
    if verdict.outcome == "passed":
        return case
    kind = "error" if verdict.is_grader_error else "failure"
    message = GRADER_ERROR if verdict.is_grader_error else verdict.mistake or verdict.outcome
    problem = ET.SubElement(case, kind, {"type": verdict.outcome, "message": _xml(message)})
    problem.text = _xml(grades.feedback(result, verdict))
    return case


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
