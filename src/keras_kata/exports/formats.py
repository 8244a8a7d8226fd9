"""Every format by its name."""

from collections.abc import Callable, Mapping

from keras_kata.errors import ExportError
from keras_kata.exports import canvas, classroom, csv_table, gradescope, junit, moodle
from keras_kata.exports.choices import Format, Options
from keras_kata.exports.grades import Export, Grades
from keras_kata.exports.sheet import Sheet

__all__ = ["FORMATS", "export"]


def export(format: Format, grades: Grades, options: Options = Options()) -> Export:  # noqa: B008 - a frozen value
    """Results in one of the formats.

    Raises:
        ExportError: they can't be written in it; the message says why.
    """
    return FORMATS[format](grades, options)


def _canvas(grades: Grades, options: Options) -> Export:
    sheet = _sheet(options, "Canvas's gradebook")
    return canvas.export(grades, sheet, column=options.column, match=options.match, scale=options.scale)


def _moodle(grades: Grades, options: Options) -> Export:
    return moodle.export(
        grades,
        _sheet(options, "Moodle's grading worksheet"),
        column=options.column,
        feedback_column=options.feedback_column,
        max_column=options.max_column,
        match=options.match,
        scale=options.scale,
    )


def _sheet(options: Options, what: str) -> Sheet:
    if options.sheet is None:
        raise ExportError(f"{what} is filled in: download it, and name the file with --sheet")
    return Sheet.read(options.sheet, options.encoding)


FORMATS: Mapping[Format, Callable[[Grades, Options], Export]] = {
    Format.CSV: lambda grades, options: csv_table.export(grades, options.per),
    Format.GRADESCOPE: lambda grades, options: gradescope.export(grades, options.visibility),
    Format.CLASSROOM: lambda grades, _: classroom.export(grades),
    Format.JUNIT: lambda grades, _: junit.export(grades),
    Format.CANVAS: _canvas,
    Format.MOODLE: _moodle,
}
