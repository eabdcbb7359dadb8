"""Pages of what a unit asks its office for, and of the office's rulings and checks."""
