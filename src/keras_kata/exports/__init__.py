"""Results in the formats that other programs read; a module for each. Needs SQLAlchemy (the extra `class`)."""
