"""What is late and what is done about it: overdue, digests, urging, evaluating."""
