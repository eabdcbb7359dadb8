"""The words in which the administrators' pages show what is stored."""

from __future__ import annotations

from tracker.permissions import ROLES

PERSON_STATES = {"active": "正常", "new": "待改初始密码", "locked": "已停用"}
OUTCOMES = {"ok": "成功", "wrong": "密码不正确", "held": "失败过多，暂缓", "locked": "账号已停用"}
# Every action that is logged; a test fails when a page logs one that has no word.
ACTIONS = {
    "sign in": "登录",
    "sign in wrong": "登录失败",
    "sign in held": "登录暂缓",
    "sign in locked": "停用账号登录",
    "sign out": "退出",
    "change password": "修改密码",
    "add person": "新增人员",
    "add people": "批量新增人员",
    "first passwords": "下载初始密码",
    "change person": "调整人员",
    "lock person": "停用账号",
    "unlock person": "恢复账号",
    "reset password": "重置密码",
    "set policies": "调整安全策略",
    "set supervision": "调整督办设置",
    "run job": "办理定时任务",
    "add unit": "新增单位",
    "change unit": "修改单位",
    "add alias": "登记别称",
    "remove alias": "删除别称",
    "add succession": "登记职责承接",
    "change succession": "修改职责承接",
    "delegate": "设置代理",
    "end delegation": "提前结束代理",
    "check log": "核验日志",
    "hand in notice": "交来通知",
    "answer draft": "答复导入草稿",
    "confirm notice": "确认导入",
    "drop draft": "放弃导入草稿",
    "set calendar": "设置报送安排",
    "keep holidays": "维护放假安排",
    "save draft": "保存报告草稿",
    "save sheet": "保存批量填报表",
    "submit report": "送审报告",
    "take back report": "取回修改",
    "send back report": "退回修改",
    "sign report": "审签报送",
    "sign reports": "批量审签报送",
    "withdraw report": "撤回报告",
    "amend report": "更正报告",
    "attach evidence": "上传佐证材料",
    "drop evidence": "移除佐证材料",
    "ask exemption": "申请免报",
    "record paper report": "代录纸质报告",
    "begin review": "开始审核",
    "accept report": "审核通过",
    "return report": "退回补正",
    "waive": "统筹单位免报",
    "grant waivers": "同意免报",
    "refuse waivers": "不同意免报",
    "lift waiver": "恢复报送",
}
TABLES = {
    "person_role_words": ROLES,
    "person_state_words": PERSON_STATES,
    "outcome_words": OUTCOMES,
    "action_words": ACTIONS,
}
