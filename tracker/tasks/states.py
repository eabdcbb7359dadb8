"""The states of tasks and of what they owe, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Tasks.
OPEN, HELD, RECORDED, EXEMPT, ENDED = "open", "held", "recorded", "exempt", "ended"
CONTESTED, CLOSED = "contested", "closed"

LABELS = {
    OPEN: "进行中",
    HELD: "待明确单位",
    RECORDED: "仅备案",
    EXEMPT: "免报",
    CONTESTED: "归属待定",
    CLOSED: "已销号",
    ENDED: "已终止",
}

(
    EXCUSE,
    CONTEST,
    UPHOLD,
    KEEP,
    CLOSE,
    TAKE_UP,
    NAME,
    DROP,
    REVIVE,
    RECORD,
    HOLD,
    FOLLOW,
    AWAIT,
    REST,
) = (
    "excuse",
    "contest",
    "uphold",
    "keep",
    "close",
    "take up",
    "name",
    "drop",
    "revive",
    "record",
    "hold",
    "follow",
    "await",
    "rest",
)

TASK_EVENTS = {
    EXCUSE: "免报",
    CONTEST: "提出归属异议",
    UPHOLD: "改由其他单位承担",
    KEEP: "归属不变",
    CLOSE: "销号",
    TAKE_UP: "恢复",
    NAME: "明确单位",
    DROP: "取消指定",
    REVIVE: "重新指定",
    RECORD: "重新备案",
    HOLD: "撤销明确单位",
    FOLLOW: "纳入跟踪",
    AWAIT: "纳入跟踪，待明确单位",
    REST: "停止跟踪",
}

# (state, event) → state.
TASK_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (OPEN, EXCUSE): EXEMPT,
    (EXEMPT, TAKE_UP): OPEN,
    (OPEN, CONTEST): CONTESTED,
    (CONTESTED, UPHOLD): ENDED,
    (CONTESTED, KEEP): OPEN,
    (OPEN, CLOSE): CLOSED,
    (CLOSED, TAKE_UP): OPEN,
    (HELD, NAME): ENDED,
    (ENDED, HOLD): HELD,
    (OPEN, DROP): ENDED,
    (EXEMPT, DROP): ENDED,
    (RECORDED, DROP): ENDED,
    (ENDED, REVIVE): OPEN,
    (ENDED, RECORD): RECORDED,
    (RECORDED, FOLLOW): OPEN,
    (RECORDED, AWAIT): HELD,
    (OPEN, REST): RECORDED,
    (HELD, REST): RECORDED,
    (EXEMPT, REST): RECORDED,
}

LEAD, SUPPORT, LOCAL = "lead", "support", "local"

ROLES = {LEAD: "牵头", SUPPORT: "配合", LOCAL: "属地"}

# What a task owes.
PLAN, PROGRESS, STOCKTAKING, CONFIRMATION, CALL = (
    "plan",
    "progress",
    "stocktaking",
    "confirmation",
    "call",
)

KINDS = {
    PLAN: "工作方案",
    PROGRESS: "进展报告",
    STOCKTAKING: "梳理情况",
    CONFIRMATION: "年度确认",
    CALL: "临时调度",
}

# Obligations.
DUE, FILED, RETURNED, ACCEPTED = "due", "filed", "returned", "accepted"
WAIVED, DISPUTED, UNASSIGNED, OVER = "waived", "disputed", "unassigned", "over"

OBLIGATIONS = {
    DUE: "待报送",
    FILED: "待审核",
    RETURNED: "退回补正",
    ACCEPTED: "已通过",
    WAIVED: "免报",
    DISPUTED: "归属待定",
    UNASSIGNED: "待明确承接单位",
    OVER: "已终止",
}

FILE, WITHDRAW, RETURN, ACCEPT, CORRECT = (
    "file",
    "withdraw",
    "return",
    "accept",
    "correct",
)
WAIVE, REOPEN, EXTEND, DISPUTE, RESUME = (
    "waive",
    "reopen",
    "extend",
    "dispute",
    "resume",
)
ASSIGN, HAND_OVER, RESCHEDULE, END = "assign", "hand over", "reschedule", "end"
OPENED = "opened"

EVENTS = {
    OPENED: "产生应报事项",
    FILE: "报送",
    WITHDRAW: "撤回",
    RETURN: "退回补正",
    ACCEPT: "审核通过",
    CORRECT: "更正",
    WAIVE: "免报",
    REOPEN: "恢复报送",
    EXTEND: "延期",
    DISPUTE: "提出归属异议",
    RESUME: "恢复计时",
    ASSIGN: "明确承接单位",
    HAND_OVER: "职责承接",
    RESCHEDULE: "调整日期",
    END: "终止",
}

# (state, event) → the states it may come to. Withdrawing goes back to where filing came from.
TRANSITIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    (DUE, FILE): (FILED,),
    (RETURNED, FILE): (FILED,),
    (FILED, WITHDRAW): (DUE, RETURNED, ACCEPTED),
    (FILED, RETURN): (RETURNED,),
    (FILED, ACCEPT): (ACCEPTED,),
    (ACCEPTED, CORRECT): (FILED,),
    (DUE, WAIVE): (WAIVED,),
    (RETURNED, WAIVE): (WAIVED,),
    (WAIVED, REOPEN): (DUE,),
    (DUE, EXTEND): (DUE,),
    (RETURNED, EXTEND): (RETURNED,),
    (DUE, DISPUTE): (DISPUTED,),
    (RETURNED, DISPUTE): (DISPUTED,),
    (DISPUTED, RESUME): (DUE, RETURNED),
    (UNASSIGNED, ASSIGN): (DUE,),
    (DUE, ASSIGN): (DUE,),
    (RETURNED, ASSIGN): (RETURNED,),
    (DUE, HAND_OVER): (DUE, UNASSIGNED),
    (RETURNED, HAND_OVER): (RETURNED,),
    (DISPUTED, HAND_OVER): (DISPUTED,),
    (UNASSIGNED, HAND_OVER): (DUE,),
    (DUE, RESCHEDULE): (DUE,),
    (DUE, END): (OVER,),
    (RETURNED, END): (OVER,),
    (DISPUTED, END): (OVER,),
    (UNASSIGNED, END): (OVER,),
    (OVER, REOPEN): (DUE,),
}


# Waivers.
ASKED, GRANTED, REFUSED, LIFTED = "asked", "granted", "refused", "lifted"

WAIVERS = {
    ASKED: "待统筹单位确认",
    GRANTED: "已免报",
    REFUSED: "未同意",
    LIFTED: "已恢复报送",
}

GRANT, REFUSE, LIFT = "grant", "refuse", "lift"

WAIVER_EVENTS = {GRANT: "同意免报", REFUSE: "不同意免报", LIFT: "恢复报送"}

# (state, event) → state. What was refused or lifted is asked for anew, as another waiver.
WAIVER_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (ASKED, GRANT): GRANTED,
    (ASKED, REFUSE): REFUSED,
    (GRANTED, LIFT): LIFTED,
}

# Calls.
ASKING, RECALLED = "asking", "recalled"

CALLS = {ASKING: "调度中", RECALLED: "已撤回"}

RECALL = "recall"

CALL_EVENTS = {RECALL: "撤回"}

CALL_TRANSITIONS: Mapping[tuple[str, str], str] = {(ASKING, RECALL): RECALLED}

# What a notice leaves open, and the office decides: cities of a scope, units of a class, 等单位.
CITIES, CLASS, OTHERS = "cities", "class", "others"

SUBJECTS = {CITIES: "推广地市", CLASS: "具体单位", OTHERS: "其他单位"}

UNDECIDED, DECIDED = "undecided", "decided"

DESIGNATIONS = {UNDECIDED: "待指定", DECIDED: "已指定"}

DECIDE, UNDO = "decide", "undo"

DESIGNATION_EVENTS = {DECIDE: "指定", UNDO: "撤销指定"}

DESIGNATION_TRANSITIONS: Mapping[tuple[str, str], str] = {
    (UNDECIDED, DECIDE): DECIDED,
    (DECIDED, DECIDE): DECIDED,
    (DECIDED, UNDO): UNDECIDED,
}


class Forbidden(Exception):
    """The event is not possible in this state; the message says so to a person."""


def task_after(state: str, event: str) -> str:
    try:
        return TASK_TRANSITIONS[state, event]
    except KeyError:
        message = f"任务当前是“{LABELS[state]}”，不能{TASK_EVENTS[event]}，请刷新页面后再看。"
        raise Forbidden(message) from None


def check(state: str, event: str) -> tuple[str, ...]:
    """The states an event may lead to, or Forbidden with a sentence."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Forbidden(refusal(state, event)) from None


def refusal(state: str, event: str) -> str:
    return f"当前状态是“{OBLIGATIONS[state]}”，不能{EVENTS[event]}，请刷新页面后再看。"
