"""The tests of the miniature course."""
