"""What the supervising office does: taking notices in."""
