"""What leaves as a file or letter: digests, workbooks, official documents."""
