"""What made-up reports say: neutral phrases of our own, each marked （演示）. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from tracker.reports.bodies import Body, Issued, Step
from tracker.reports.states import ADVANCING, LANDED, NOT_STARTED, PLANNING, REJECTED

DEMO = "（演示）"
LONGEST_TITLE = 60

PROGRESS: Mapping[str, Sequence[str]] = {
    NOT_STARTED: (
        "“{title}”尚未启动，正在梳理职责分工和前期条件。",
        "“{title}”正在做前期调研，尚未形成实施安排。",
    ),
    PLANNING: (
        "围绕“{title}”研究制定实施方案，已征求有关处室意见。",
        "已明确“{title}”的牵头处室和经办人员，实施方案正在会签。",
    ),
    ADVANCING: (
        "“{title}”按实施方案推进，已开展业务培训并在部分窗口试行。",
        "围绕“{title}”完善操作规程，组织经办人员学习，办理流程已作调整。",
        "对照“{title}”的要求逐项核对，已完成的环节转入日常办理，其余环节正在推进。",
        "就“{title}”与相关单位会商，明确了衔接方式，系统改造正在测试。",
    ),
    LANDED: (
        "“{title}”已在本单位职责范围内落地，纳入日常工作，运行平稳。",
        "“{title}”的各项环节已实施到位，办事指南已更新，转入常态管理。",
    ),
    REJECTED: ("对“{title}”作了研究，结合实际暂不采用。",),
}
RESULTS = (
    "办理环节更加清楚，经办人员能够按规程操作。",
    "制度文件已落实到具体环节，成效数据以正式填报为准。",
    "相关业务办理更加规范，有关情况正在持续跟踪。",
)
PUBLICITY = (
    "通过政务服务窗口和门户网站开展政策解读。",
    "面向有关经营主体组织政策宣讲，答复咨询。",
)
PROBLEMS = (
    "经办人员对新规程还不够熟悉，需要继续培训。",
    "与相关单位的数据衔接还不够顺畅。",
    "基层窗口力量不足，推进节奏偏慢。",
)
DIFFICULTIES = (
    "请统筹单位协调有关部门进一步明确数据共享的口径。",
    "请统筹单位协调明确与现行管理规定的衔接方式。",
)
NEXT_STEPS = (
    "继续按实施方案推进，及时总结做法。",
    "加强业务培训，完善配套规程。",
    "跟踪运行情况，发现问题及时改进。",
)
REASONS_NOT = "本项为借鉴事项，本单位现有办理方式能够满足需要，暂不采用。"
UNCHANGED = "本期无变化，工作按上期安排继续推进。"
ADDED = "已按审核意见补充具体做法和下一步安排。"
PLAN = "围绕“{title}”制定工作方案，明确任务分工、时间节点和责任处室，分步组织实施。"
STEPS = (
    ("制定实施方案并明确分工", 45),
    ("开展业务培训和政策解读", 130),
    ("完善操作规程并组织试行", 240),
    ("总结评估并转入日常管理", 400),
)
RETURNS: Sequence[Mapping[str, str]] = (
    {"progress": "请补充具体做法，说明已完成和未完成的环节。"},
    {"results": "请说明工作成效，不能只写工作过程。"},
    {"progress": "进展情况过于简略，请按环节说明。", "next_steps": "请写明下一步时间安排。"},
)
SENT_BACK = "请补充下一步工作后再送审。"
NOT_AFFECTED = (
    "本地不涉及：本市没有相应的业务场景。",
    "本地不涉及：相关事权不在本市。",
)

SOMETIMES = {"publicity": 0.25, "problems": 0.2, "difficulties": 0.08, "documents": 0.2}


def marked(text: str, title: str = "") -> str:
    return DEMO + text.format(title=title[:LONGEST_TITLE])


def report(title: str, stage: str, percent: int, day: date, chance: Random) -> Body:
    """A report of a stage; some fields stay empty, as they do."""
    moves = stage in (ADVANCING, LANDED)
    return Body(
        stage=stage,
        percent=str(percent),
        progress=marked(chance.choice(PROGRESS[stage]), title),
        results=marked(chance.choice(RESULTS)) if moves else "",
        publicity=_sometimes("publicity", PUBLICITY, chance) if moves else "",
        problems=_sometimes("problems", PROBLEMS, chance),
        difficulties=_sometimes("difficulties", DIFFICULTIES, chance),
        next_steps=marked(chance.choice(NEXT_STEPS)),
        reasons=marked(REASONS_NOT) if stage == REJECTED else "",
        documents=_documents(title, day, chance) if moves else (),
    )


def plan(title: str, opens_on: date) -> Body:
    return Body(
        progress=marked(PLAN, title),
        milestones=tuple(
            Step(
                what=marked(what),
                who=marked("业务处室"),
                by_day=date.fromordinal(opens_on.toordinal() + after).isoformat(),
            )
            for what, after in STEPS
        ),
    )


def unchanged(before: Body) -> Body:
    """无变化: last period's stage stands; documents are new each time."""
    return replace(before, progress=marked(UNCHANGED), documents=(), done=(), is_unchanged=True)


def improved(before: Body) -> Body:
    """What comes back after a return says more than what was returned."""
    return replace(before, progress=before.progress + ADDED, next_steps=marked(NEXT_STEPS[0]))


def reasons(chance: Random) -> dict[str, str]:
    return {section: marked(text) for section, text in chance.choice(RETURNS).items()}


def _sometimes(field: str, phrases: Sequence[str], chance: Random) -> str:
    return marked(chance.choice(phrases)) if chance.random() < SOMETIMES[field] else ""


def _documents(title: str, day: date, chance: Random) -> tuple[Issued, ...]:
    if chance.random() >= SOMETIMES["documents"]:
        return ()
    name = marked("关于做好“{title}”复制推广工作的通知", title)
    number = f"演示〔{day.year}〕{chance.randint(1, 99)}号"
    return (Issued(title=name, number=number, day=day.isoformat()),)


def with_done(body: Body, done: tuple[int, ...]) -> Body:
    return replace(body, done=done)
