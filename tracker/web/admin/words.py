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
    "remove succession": "撤销职责承接",
    "choose successor": "明确承接单位",
    "change succession": "修改职责承接",
    "delegate": "设置代理",
    "end delegation": "提前结束代理",
    "check log": "核验日志",
    "hand in notice": "交来通知",
    "answer draft": "回答导入草稿",
    "confirm notice": "确认导入",
    "drop draft": "放弃导入草稿",
    "set calendar": "设置报送安排",
    "follow notice": "通知纳入跟踪",
    "stop following": "通知停止跟踪",
    "keep holidays": "维护放假安排",
    "save draft": "保存报告草稿",
    "save sheet": "保存批量填报表",
    "take return": "收取回报表",
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
    "read message": "阅读消息",
    "choose channels": "设置接收方式",
    "resend messages": "重新发送",
    "test mail": "发送测试邮件",
    "add robot": "添加群机器人",
    "change robot": "修改群机器人",
    "pause robot": "暂停群机器人",
    "resume robot": "恢复群机器人",
    "test robot": "测试群机器人",
    "raise difficulty": "提出需协调事项",
    "handle difficulty": "办理需协调事项",
    "ask extension": "申请延期",
    "dispute task": "提出归属异议",
    "ask closing": "申请销号",
    "withdraw request": "撤回申请",
    "grant matters": "同意单位申请",
    "refuse matters": "不同意单位申请",
    "rule matter": "决定一项申请",
    "reopen task": "撤销销号",
    "record check": "登记督查核查",
    "designate": "指定地市或单位",
    "undo designation": "撤销指定",
    "make call": "发出临时调度",
    "recall call": "收回临时调度",
    "put off call": "临时调度延期",
    "break down tasks": "市内分工",
    "ask for parts": "请求协办材料",
    "give part": "提供协办材料",
    "write case": "填写经验做法",
    "sign case": "审签经验做法",
    "send back case": "退回经验做法修改",
    "rule case": "遴选经验做法",
    "compile cases": "汇编经验做法",
    "issue urge": "发出催办单",
    "amend urge": "修改拟发催办单",
    "dismiss urge": "不予催办",
    "acknowledge urge": "签收催办单",
    "reply to urge": "回复催办单",
    "close urge": "办结催办单",
    "withdraw urge": "撤销催办单",
    "draft bulletin": "起草通报",
    "edit bulletin": "修改通报",
    "publish bulletin": "印发通报",
    "drop bulletin": "不予印发通报",
    "freeze evaluation": "固定评估结果",
    "recount evaluation": "重新核算评估",
    "show evaluation": "公开评估结果",
    "make paper": "生成公文",
    "renew calendar address": "更换日历订阅地址",
    "end calendar address": "停用日历订阅地址",
}
# What an entry is about, where it was kept as a code with a number.
OBJECTS = {
    "obligation": "应报事项",
    "part": "协办材料",
    "return": "回报表",
    "sheet": "批量填报表",
    "unit": "单位",
}
# The kind of what is kept as a number alone, by what was done to it.
NUMBERED = {
    "acknowledge urge": "催办单",
    "answer draft": "导入文件",
    "ask closing": "销号申请",
    "ask extension": "延期申请",
    "check log": "核验条数",
    "confirm notice": "导入文件",
    "delegate": "代理人",
    "dispute task": "归属异议",
    "drop draft": "导入文件",
    "end delegation": "代理人",
    "hand in notice": "导入文件",
    "handle difficulty": "需协调事项",
    "keep holidays": "年份",
    "lift waiver": "免报",
    "raise difficulty": "需协调事项",
    "read message": "消息",
    "record check": "督查核查",
    "record paper report": "回执",
    "reopen task": "任务",
    "resend messages": "消息",
    "withdraw request": "申请",
}


def object_in_words(action: str, subject: str) -> str:
    """What an entry is about, as a person reads it; what was kept in words stays as it is."""
    kind, _, number = subject.partition(" ")
    if subject == "several":
        return "多份报告"
    if kind in OBJECTS and number:
        return f"{OBJECTS[kind]}{number}"
    if subject.isdigit() and action in NUMBERED:
        return f"{NUMBERED[action]}{subject}"
    return subject


TABLES = {
    "person_role_words": ROLES,
    "person_state_words": PERSON_STATES,
    "sign_in_words": OUTCOMES,
    "action_words": ACTIONS,
}
