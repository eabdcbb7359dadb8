"""What units, cities and offices look at."""
