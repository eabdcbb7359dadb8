"""Papers stand on the cast, on the same two databases."""

from tests.cast import addresses, alone, begun, desk, first, ground, seeded

__all__ = ["addresses", "alone", "begun", "desk", "first", "ground", "seeded"]
