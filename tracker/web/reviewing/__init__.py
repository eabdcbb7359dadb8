"""What the office does with reports: reviews them, records paper ones, rules on waivers."""
