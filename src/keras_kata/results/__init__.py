"""Results of grading a class, in SQLite or PostgreSQL. Importing this needs SQLAlchemy (the extra `class`)."""

from keras_kata.results.outcomes import decode
from keras_kata.results.queries import MistakeCount
from keras_kata.results.records import NewRun, Result, RunRecord, SavedVerdict, Work
from keras_kata.results.store import DEFAULT_NAME, Store, open_store

__all__ = [
    "DEFAULT_NAME",
    "MistakeCount",
    "NewRun",
    "Result",
    "RunRecord",
    "SavedVerdict",
    "Store",
    "Work",
    "decode",
    "open_store",
]
