"""What is late and who is told: overdue, lights, digests, urging, evaluating."""
