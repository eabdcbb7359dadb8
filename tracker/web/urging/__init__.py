"""催办、通报 and 评估: the office's desk, the unit's answer."""
