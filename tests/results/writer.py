"""A process that saves results: `python writer.py LOCATION COUNT forwards|backwards`.

It opens the store, says `ready`, and waits for a line. Then it saves what is not saved yet, and prints the name
of each student whose verdicts are on the disk.
"""

import sys

from keras_kata.results import NewRun, Work, open_store
from keras_kata.verdicts import Difference, Failed, Passed, Verdict

location, count, order = sys.argv[1], int(sys.argv[2]), sys.argv[3]
verdicts = [
    Verdict("module1/x", "right", 1, Passed()),
    Verdict("module1/x", "wrong", 2, Failed({"x": [0.5] * 300}, 1.0, 2.0, Difference("value"))),
]
with open_store(location) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    run = store.begin_run(NewRun(1))
    works = [Work(f"s{number}", "module1/x", "d", "g") for number in range(count)]
    done = store.reuse(run, works) if order == "forwards" else set()
    for work in works if order == "forwards" else reversed(works):
        if work not in done:
            store.save(run, work, verdicts, file=work.student)
            print(work.student, flush=True)
