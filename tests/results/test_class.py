"""A class whose results are in PostgreSQL, by the commands that write and read them."""

from pathlib import Path

from ..pupils import MISTAKE, SLUG, WRONG, Class, source


def test_the_commands_take_the_address_of_a_server(postgresql_url: str, tmp_path: Path) -> None:
    pupils = Class(tmp_path)
    pupils.hand_in("ada", SLUG, source(SLUG))
    pupils.hand_in("ben", SLUG, source(SLUG) + WRONG)
    results = f"--results={postgresql_url}"
    said = pupils.run(results)
    assert "2  graded" in said
    said = pupils.run(results)
    assert "2  not changed since they were graded" in said
    shown = pupils.run("ben", SLUG, results, name="show")
    assert MISTAKE in shown
    assert "2 / 2" in pupils.run("ada", results, name="show")
    assert not list(pupils.root.glob("*.sqlite"))
