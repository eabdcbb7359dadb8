"""What a unit does: sees what it owes, writes, submits, signs, and asks to be exempt."""
