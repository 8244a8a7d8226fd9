"""What is remembered between runs, and that nothing of a learner's is ever half written or lost."""

from pathlib import Path

import pytest

from keras_kata.errors import CourseError
from keras_kata.progress import Progress, back_up, write_atomically

SLUG = "module1/moving_average"
PASSED, FAILED = ("passed", 1.5, 1.5), ("failed", 0.0, 0.5)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "moving_average.py"
    path.write_text("one")
    return path


def reloaded(root, memory):
    memory.save()
    return Progress(root)


def test_runs_of_single_probes_add_up_while_the_file_stays_the_same(tmp_path, file):
    memory = Progress(tmp_path)
    memory.record(SLUG, file, {"averages": FAILED})
    memory = reloaded(tmp_path, memory)
    memory.record(SLUG, file, {"impossible_widths": FAILED})
    memory.record(SLUG, file, {"averages": PASSED})
    assert reloaded(tmp_path, memory).of(SLUG, file) == {"averages": PASSED, "impossible_widths": FAILED}


def test_what_was_said_of_another_content_counts_no_more(tmp_path, file):
    memory = Progress(tmp_path)
    memory.record(SLUG, file, {"averages": PASSED})
    file.write_text("two")
    assert memory.of(SLUG, file) is None
    memory.record(SLUG, file, {"impossible_widths": FAILED})
    assert memory.of(SLUG, file) == {"impossible_widths": FAILED}
    file.unlink()
    assert memory.of(SLUG, file) is None
    assert memory.of("module1/other", file) is None


def test_of_a_damaged_memory_the_sound_entries_are_kept(tmp_path, file):
    memory = Progress(tmp_path)
    memory.record(SLUG, file, {"averages": PASSED})
    memory.results["module1/odd"] = {"digest": "", "probes": {"a": ["passed", "many", 1]}}
    memory.results["module1/odder"] = 3
    memory.hints = {"a": 1, "b": -1, "c": "x", "d": True}
    memory = reloaded(tmp_path, memory)
    assert list(memory.results) == [SLUG]
    assert memory.hints == {"a": 1}


def test_a_file_that_can_t_be_replaced_stays_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "inside").write_text("kept")
    with pytest.raises(CourseError, match="target can't be written: "):
        write_atomically(target, "text")
    assert [path.name for path in tmp_path.rglob("*")] == ["target", "inside"]


def test_text_is_written_as_it_is_on_every_system(tmp_path):
    write_atomically(tmp_path / "new" / "file", "äö\n")
    assert (tmp_path / "new" / "file").read_bytes() == "äö\n".encode()


def test_a_backup_of_what_can_t_be_read_is_refused_and_not_half_made(tmp_path):
    with pytest.raises(CourseError, match=r"no backup of .* can be made: .*; nothing was changed"):
        back_up(tmp_path, tmp_path / "missing.py")
    assert list(tmp_path.iterdir()) == []


def test_backups_are_never_overwritten(tmp_path, file):
    kept = []
    for text in ("one", "two", "three"):
        file.write_text(text)
        kept.append(back_up(tmp_path, file))
    assert [Path(path).read_text() for path in kept] == ["one", "two", "three"]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a/file", b"\r\n\x00\xff")
    assert (tmp_path / "a/file").read_bytes() == b"\r\n\x00\xff"
