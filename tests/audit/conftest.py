"""The log stands below the cast, on the same two databases."""

from tests.cast import addresses, ground, seeded

__all__ = ["addresses", "ground", "seeded"]
