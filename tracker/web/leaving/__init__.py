"""What leaves the tracker: official papers, the ledger, the calendar of due days."""
