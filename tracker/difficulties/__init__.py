"""需协调事项: what a unit asks the office to coordinate, from its raising to its settling."""
