"""The cast acts here too."""

from tests.cast import addresses, alone, begun, desk, first, ground, seeded

__all__ = ["addresses", "alone", "begun", "desk", "first", "ground", "seeded"]
