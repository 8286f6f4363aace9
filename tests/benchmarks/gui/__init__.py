"""Figures of the window. A module that measures has `measure() -> list[Figure]`; QT_QPA_PLATFORM chooses the screen."""

Figure = tuple[str, float, float, str]
"""What was measured, its value, the most that it may be, the unit of both."""
