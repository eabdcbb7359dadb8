"""What units file for their obligations, and what the office makes of it."""
