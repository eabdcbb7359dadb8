"""The sheets, columns and instructions of the return 回报表. Pure."""

from __future__ import annotations

from tracker.reports.bodies import LONGEST_TEXT, MOST_UNCHANGED
from tracker.reports.states import STAGES

SHEET, INSTRUCTIONS, HIDDEN = "回报表", "填写说明", "表单"
YES, NO = "是", "否"
MOST = 1_000
COLUMNS = (
    ("编号（勿改）", 14),
    ("通知", 16),
    ("报告期", 14),
    ("序号", 6),
    ("事项", 40),
    ("报送期限", 12),
    ("工作阶段", 12),
    ("完成进度%", 10),
    ("进展情况", 60),
    ("无变化", 8),
)
FIRST_TO_FILL = 6
# The columns of the page's fields, and of what is wrong with a row as a whole.
LETTERS = {"key": "A", "stage": "G", "percent": "H", "progress": "I", "is_unchanged": "J"}
HELP = (
    ("填哪里", f"只填“{SHEET}”表中白色的四栏；灰色各栏已锁定，不能改动。请勿增删列。"),
    ("工作阶段", f"从列表中选择：{'、'.join(STAGES.values())}。“不采用”只限借鉴事项。"),
    ("", "选择“不采用”的，理由请在网页的填报页填写。"),
    ("完成进度%", "填0到100之间的整数，不写百分号。已落地的填100。"),
    ("进展情况", f"写明本期做了什么、进展到哪一步，10字以上，最多{LONGEST_TEXT}字。"),
    ("无变化", f"与上期相比没有变化的选“{YES}”，可不写进展情况；连续不超过{MOST_UNCHANGED}次。"),
    ("", "首次填报不能选“无变化”。其他情形留空。"),
    ("暂不报送的行", "四栏全部留空，上传时不收取，以后可以再填。"),
    (
        "没有改动的行",
        "下载时已填有草稿、之后没有改动的，上传时不收取；草稿已定稿的，请在网页上送审。",
    ),
    ("上传以后", "填写正确的行即送审，等待本单位审签人审签；不正确的行逐格列出，改正后再次上传。"),
    ("再次上传", "同一份表可以多次上传，已收取的行不会重复收取。"),
    ("保存格式", "用 Excel、WPS 或 LibreOffice 填写，保存为 .xlsx，不加密码。"),
)
