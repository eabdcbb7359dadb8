"""Desks of the three administrators, units for the office, stand-ins for signers."""
