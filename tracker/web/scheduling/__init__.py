"""When things are due: reporting calendars and the years' holidays."""
