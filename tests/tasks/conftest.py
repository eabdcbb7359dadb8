"""The cast acts here too."""

from tests.cast import cast, desk, first

__all__ = ["cast", "desk", "first"]
