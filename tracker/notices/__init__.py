"""Notices, their lists and measures, and how a document becomes them."""
