"""The states of a task. Pure."""

from __future__ import annotations

OPEN, HELD, RECORDED, ENDED = "open", "held", "recorded", "ended"

LABELS = {
    OPEN: "进行中",
    HELD: "待明确单位",
    RECORDED: "仅备案",
    ENDED: "已终止",
}

LEAD, SUPPORT, LOCAL = "lead", "support", "local"

ROLES = {LEAD: "牵头", SUPPORT: "配合", LOCAL: "属地"}
