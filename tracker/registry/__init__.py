"""Who exists: cities, units under all their names, and people."""
