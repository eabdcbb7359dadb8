"""The outbox: what is to be told to whom, by which channel, and what came of it."""
