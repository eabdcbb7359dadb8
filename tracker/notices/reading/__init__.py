"""From a file to measures with their places. Pure: no database, no web, no clock."""
