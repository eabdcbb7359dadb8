"""What follows from a measure: who has to do it, and where."""
