"""What a unit and its office settle between them: extensions, disputes, closings, checks."""
