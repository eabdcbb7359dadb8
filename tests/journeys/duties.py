"""The duties that the notices print, each with the journey that shows it met.

A journey leads from the person who owes it to the page where the office sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

EIGHTH, FORWARDED, STATE, OLD = "yfh-2023-59", "yfh-2020-146", "gh-2020-96", "ybh-2019-376"
TENTH, QIANHAI = "ftz-10", "qianhai-6"


@dataclass(frozen=True)
class Duty:
    """As seeds/ has it: whose it is, and what; and the test in test_duties.py that goes the way."""

    slug: str
    who: str
    what: str
    journey: str


DUTIES = (
    Duty(EIGHTH, "各牵头单位", "制订工作方案", "test_a_lead_plans_with_milestones"),
    Duty(EIGHTH, "各地、各有关单位", "政策宣传解读", "test_publicity_is_filed_read_and_counted"),
    Duty(
        EIGHTH, "各地、各有关单位", "督促检查，定期报送进展", "test_progress_is_filed_and_accepted"
    ),
    Duty(
        EIGHTH,
        "省商务厅（自贸办）",
        "统筹指导，协调解决困难和问题",
        "test_a_difficulty_comes_to_the_office",
    ),
    Duty(
        EIGHTH,
        "省商务厅（自贸办）",
        "评估检查，适时报告省政府",
        "test_the_office_evaluates_and_reports_to_the_province",
    ),
    Duty(
        EIGHTH,
        "省商务厅（自贸办）会同广州、深圳、珠海市政府等",
        "形成更多改革创新经验",
        "test_a_city_sends_a_case_and_the_office_compiles_it",
    ),
    Duty(
        FORWARDED,
        "各地、各有关部门",
        "督促检查，宣传和政策解读",
        "test_publicity_is_filed_read_and_counted",
    ),
    Duty(
        FORWARDED,
        "各有关部门",
        "与国家对口部门衔接，研究细化专项措施",
        "test_documents_and_the_states_measure_stand_together",
    ),
    Duty(
        FORWARDED,
        "省司法厅会同省商务厅（自贸办）等",
        "调整有关地方性法规、政府规章",
        "test_a_rule_to_be_changed_comes_to_the_office_by_its_kind",
    ),
    Duty(
        FORWARDED,
        "省商务厅（自贸办）",
        "协调督查，及时评估，适时总结报告省政府和商务部",
        "test_the_office_supervises_checks_and_reports_to_both",
    ),
    Duty(
        STATE,
        "国务院有关部门",
        "指导完成复制推广工作",
        "test_a_reference_notice_is_on_record_until_it_is_switched_on",
    ),
    Duty(
        STATE,
        "国务院自由贸易试验区工作部际联席会议办公室",
        "成效评估，协调重点难点问题",
        "test_a_reference_notice_is_on_record_until_it_is_switched_on",
    ),
    Duty(
        STATE,
        "各有关方面",
        "重大问题及时报告国务院",
        "test_a_reference_notice_is_on_record_until_it_is_switched_on",
    ),
    Duty(
        OLD, "各责任单位", "逐项制订工作方案，明确时间节点", "test_every_measure_has_its_own_plan"
    ),
    Duty(OLD, "各责任单位", "已部署实施的抓紧梳理", "test_what_is_deployed_is_taken_stock_of"),
    Duty(
        OLD,
        "各地级以上市政府",
        "明确牵头部门和责任人，细化措施",
        "test_a_city_names_who_leads_its_department_fills_its_part_and_the_city_signs_the_whole",
    ),
    Duty(OLD, "各地", "报送经验做法", "test_a_case_goes_to_the_office_of_its_own_notice"),
    Duty(
        OLD,
        "省发展改革委",
        "协调指导、跟踪了解",
        "test_the_other_office_coordinates_what_its_own_notice_asks",
    ),
    Duty(
        OLD,
        "省发展改革委",
        "收集、总结、推广经验做法并向国家报送",
        "test_a_case_goes_to_the_office_of_its_own_notice",
    ),
    Duty(
        OLD, "各有关单位", "重要情况报告省政府", "test_an_important_matter_is_marked_for_the_office"
    ),
    # Attachments only, no duty printed: the office's own settings.
    Duty(TENTH, "", "", "test_the_office_sets_a_calendar_where_none_is_printed"),
    Duty(QIANHAI, "", "", "test_a_notice_without_an_office_has_no_calendar_until_one_takes_it_up"),
)
