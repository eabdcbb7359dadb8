"""What is told and when: stored digests, the timetable, supervision settings."""
