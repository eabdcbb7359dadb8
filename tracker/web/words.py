"""The words and forms in which pages show what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from tracker.clock import SHANGHAI, today
from tracker.coordinating.experience import CASE_EVENTS, CASES
from tracker.coordinating.states import CLOSINGS, DISPUTES, EXTENSIONS, OUTCOMES
from tracker.days import spelled
from tracker.difficulties.kinds import KINDS as DIFFICULTY_KINDS
from tracker.difficulties.states import EVENTS as DIFFICULTY_EVENTS, STATES as DIFFICULTIES
from tracker.registry.editing import SUCCESSIONS
from tracker.reports.bodies import SECTIONS, is_day
from tracker.reports.parts import PARTS
from tracker.reports.states import EVENTS as REPORT_EVENTS, STAGES, STATES as REPORT_STATES
from tracker.supervision.numbering import numbered
from tracker.supervision.reaching import REACHES
from tracker.supervision.states import BULLETINS, URGE_EVENTS, URGES
from tracker.tasks.lights import LIGHTS
from tracker.tasks.periods import CADENCES, label_of, owed_name
from tracker.tasks.questions import QUESTION_KINDS
from tracker.tasks.scheduling import ORIGINS
from tracker.tasks.states import (
    CALLS,
    DESIGNATIONS,
    KINDS as OBLIGATION_KINDS,
    LABELS,
    OBLIGATIONS,
    ROLES,
    SUBJECTS,
    WAIVERS,
)
from tracker.web import charts, tiles

KILOBYTE, MEGABYTE = 1024, 1024 * 1024

LEVELS = {
    "state": "国家",
    "province": "省级",
    "stationed": "中央驻粤",
    "city": "市级",
}
NOTICE_LEVELS = {"state": "国家", "province": "省", "city": "市"}
KINDS = {
    "government": "人民政府",
    "department": "行政部门",
    "party": "党委部门",
    "congress": "人大",
    "court": "法院",
    "procuratorate": "检察院",
    "institution": "事业单位",
    "customs": "海关",
    "tax": "税务",
    "maritime": "海事",
    "border": "出入境边检",
    "aviation": "民航",
    "bank": "人民银行",
    "financial": "金融监管",
    "forex": "外汇管理",
    "company": "企业",
    "society": "群团组织",
    "class": "一类单位",
}
SCOPE_STATES = {
    "resolved": "已明确",
    "waiting": "待指定地市",
    "reference": "仅备案",
    "none": "未写明",
}
SOURCE_STATES = {"draft": "待确认", "confirmed": "已导入", "dropped": "已放弃"}
FINDINGS = {
    "unknown-unit": "名录中没有的单位",
    "scope-waiting": "推广范围待指定地市",
    "scope-missing": "没有写明推广范围",
    "difference": "与已跟踪内容不一致",
    "body-name": "正文与表格名称不一致",
    "heading-count": "标题项数与实际不符",
    "number-missing": "序号缺失",
    "number-doubled": "序号重复",
    "empty-cell": "空白栏目",
    "cell-inherited": "沿用上一行的栏目",
    "cell-count": "栏数与表头不符",
    "column-unknown": "无法识别的栏目",
    "stray-text": "表格之间的文字",
    "page-join": "分页处拼接",
    "unit-mended": "分页处重复印字",
    "open-ended": "单位未列全或不能直接交办",
    "scope-assumed": "推广范围取自正文",
    "title-tracked": "其他通知已有同名事项",
    "issuer-unknown": "没有印发文机关",
}
TABLES = {
    "level_words": LEVELS,
    "notice_level_words": NOTICE_LEVELS,
    "kind_words": KINDS,
    "succession_words": SUCCESSIONS,
    "scope_state_words": SCOPE_STATES,
    "source_state_words": SOURCE_STATES,
    "finding_words": FINDINGS,
    "task_state_words": LABELS,
    "role_words": ROLES,
    "obligation_words": OBLIGATIONS,
    "obligation_kind_words": OBLIGATION_KINDS,
    "report_event_words": REPORT_EVENTS,
    "report_state_words": REPORT_STATES,
    "stage_words": STAGES,
    "waiver_words": WAIVERS,
    "subject_words": SUBJECTS,
    "call_words": CALLS,
    "part_words": PARTS,
    "case_words": CASES,
    "case_event_words": CASE_EVENTS,
    "question_kind_words": QUESTION_KINDS,
    "designation_words": DESIGNATIONS,
    "light_words": LIGHTS,
    "urge_words": URGES,
    "urge_event_words": URGE_EVENTS,
    "bulletin_words": BULLETINS,
    "reach_words": REACHES,
    "section_words": SECTIONS,
    "difficulty_kind_words": DIFFICULTY_KINDS,
    "difficulty_words": DIFFICULTIES,
    "extension_words": EXTENSIONS,
    "dispute_words": DISPUTES,
    "closing_words": CLOSINGS,
    "outcome_words": OUTCOMES,
    "difficulty_event_words": DIFFICULTY_EVENTS,
    "cadence_words": CADENCES,
    "origin_words": ORIGINS,
}


def install(app: Flask) -> None:
    app.jinja_env.globals.update(TABLES)
    app.jinja_env.globals.update(
        chart=charts,
        tile_rows=tiles.ROWS,
        this_day=today,
        owed_name=owed_name,
        counted_notices=counted_notices,
    )
    app.jinja_env.filters.update(is_day=is_day, day=day, moment=moment, size=size, period=label_of)
    app.jinja_env.filters.update(numbered=numbered)


def counted_notices(office: str, number: int = 0) -> str:
    """Whose notices a page counts: an office's own, else all; the same words everywhere."""
    some = f"{number}件" if number else ""
    return f"只统计{office}统筹的{some}通知" if office else "统计全部通知"


def day(value: date | None, missing: str = "未印") -> str:
    return spelled(value) if value else missing


def moment(value: datetime) -> str:
    """A stored moment in Shanghai time; SQLite hands it back without a zone."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = aware.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def size(value: int) -> str:
    if value >= MEGABYTE:
        return f"{value / MEGABYTE:.1f} MB"
    return f"{max(value / KILOBYTE, 1):.0f} KB"
