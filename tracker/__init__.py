"""The replication tracker: from a notice to its measures, tasks and reports."""
