"""Every error that the engine raises on purpose.

KataError
├── AuthoringError          an exercise is declared wrongly: its author's to mend
├── CourseError             no course here, or no such exercise
├── SandboxError            the system does not give the sandbox that grading needs
├── ServerError             the process that starts workers can't be started, or has ended
├── WireError               bytes that are no plain data, or a value that can't become bytes
├── IntakeError             a submitted file can't be read, or must not be
├── StoreError              results can't be kept or read back
├── ExportError             results can't be written as asked, or a sheet can't be filled in
└── ImplementationError     the file under judgement can't be used: its writer's to mend
    ├── ContractError       a member is missing, or can't be called as the exercise says
    └── UnusableValue       a result is of a type that can't be compared

TimeLimit, ForbiddenUse     raised inside running code, so not under Exception: an
                            `except Exception` in that code must not swallow them
"""


class KataError(Exception):
    """The base of the engine's own errors; the message says what to do."""


class AuthoringError(KataError):
    """An exercise's grader, reference, misconceptions or alternatives are declared wrongly."""


class CourseError(KataError):
    """There is no course where one was looked for, or it lacks what was asked for."""


class SandboxError(KataError):
    """Submissions would not be held back as demanded; the message says by what, and how to allow it."""


class ServerError(KataError):
    """The process that imports the course and starts workers can't do so."""


class WireError(KataError):
    """Bytes are not what was packed, or a value is not plain data."""


class IntakeError(KataError):
    """A submitted file can't be read, or must not be: a link, a folder, a name that no file may have."""


class StoreError(KataError):
    """The database of results can't be opened, read or written."""


class ExportError(KataError):
    """Results can't be written in a format, or the sheet to be filled in is not as it must be."""


class ImplementationError(KataError):
    """The file under judgement can't be used."""


class ContractError(ImplementationError):
    """A member is missing or does not take the arguments the exercise says."""


class UnusableValue(ImplementationError):
    """A result is neither number, text, list, dict, array nor tensor."""


class TimeLimit(BaseException):
    """Running code has used up its wall-clock limit."""


class ForbiddenUse(BaseException):
    """Running code has called what the exercise asks to build."""
