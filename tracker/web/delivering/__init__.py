"""Pages on messages: one's own, all those that go out, robots, and units out of reach."""
