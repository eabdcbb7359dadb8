"""The outbox stands below the cast, on the same two databases."""

from tests.cast import addresses, begun, desk

__all__ = ["addresses", "begun", "desk"]
