"""The `tracker` command."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from tracker import jobs, scheduler
from tracker.app import create_app
from tracker.audit import chain
from tracker.clock import now, today
from tracker.config import load
from tracker.db import db, writing
from tracker.jobs import timetable
from tracker.notices.reading.files import Unreadable
from tracker.operations import (
    backing_up,
    benching,
    demonstration,
    examining,
    export_bench,
    exporting,
    history,
    importing,
    initialising,
    jobs_bench,
    migrating,
    paging_bench,
    papering,
    reorganisation,
    restoring,
    serving,
    staffing,
    synth,
)
from tracker.operations.commanding import Stop, end_with, in_app, needs_database, warn
from tracker.papers.situation_paper import READERS
from tracker.permissions import ROLES
from tracker.registry import editing
from tracker.registry.editing import HandOver


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """复制推广工作跟踪系统"""


@main.command()
@click.option("--demo", is_flag=True, help="载入演示人员和演示数据")
@click.option("--sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@in_app
def init(demo: bool, sources: Path | None) -> None:
    """建立数据库，载入名录、通知并分解任务；重复运行不改变任何内容"""
    production = current_app.config["TRACKER"].production
    if demo and production:
        raise demonstration.Refused(demonstration.NOT_HERE)
    initialising.initialise(demonstration=demo, on=today(), sources=sources, say=click.echo)
    if demo:
        with writing():
            added = demonstration.people(production=production)
            db.session.commit()
        click.echo(f"演示人员已就绪，本次新增{added}人。")
        with writing():
            told = history.demonstrate(today(), fallback=demonstration.hands())
            db.session.commit()
        click.echo("演示数据已载入。" if told else "演示数据此前已载入，没有改动。")


@main.command()
@click.option("--host", default="127.0.0.1", help="监听地址")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="端口")
@click.option("--workers", default=8, type=click.IntRange(1, 64), help="工作线程数")
@in_app
def serve(host: str, port: int, workers: int) -> None:
    """启动网页服务和定时服务"""
    needs_database()
    serving.refuse_demonstration(production=current_app.config["TRACKER"].production)
    settings = load(served_at=serving.site_at(host, port))
    serving.warn_of_links(settings, warn)
    serving.greet(host, port, click.echo)
    app = create_app(settings)
    beating = scheduler.start(app)
    try:
        serving.serve(app.wsgi_app, host=host, port=port, workers=workers)
    finally:
        beating.shutdown()


@main.command("scheduler")
@in_app
def run_scheduler() -> None:
    """只启动定时服务，供有多个网页进程的安装使用"""
    needs_database()
    serving.refuse_demonstration(production=current_app.config["TRACKER"].production)
    serving.warn_of_links(current_app.config["TRACKER"], warn)
    click.echo("定时服务已启动。按 Ctrl+C 停止。")
    scheduler.run(create_app(), click.echo)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--notice", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="只检查，不写入")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@in_app
def import_(file: Path, notice: Path | None, check: bool, as_json: bool) -> None:
    """读取一份通知"""
    needs_database()
    if check:
        draft = importing.checked(file)
        _print_draft(importing.as_json(draft), as_json)
        return
    with writing():
        outcome = importing.confirm_file(file, on=today(), at=now(), notice=notice)
        db.session.commit()
    click.echo(json.dumps({"outcome": outcome}, ensure_ascii=False) if as_json else outcome)


def _print_draft(draft: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(draft, ensure_ascii=False, indent=1))
        return
    for listed in draft["lists"]:
        click.echo(f"{listed['heading']}：{len(listed['measures'])}项")
    for finding in draft["findings"]:
        click.echo(f"- {finding['message']}")
    click.echo(f"将产生单位任务{draft['tasks']['unit']}项，属地任务{draft['tasks']['local']}项。")


@main.command()
@click.argument("table", type=click.Choice(sorted(exporting.TABLES)))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx"]), default="csv")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def export(table: str, form: str, day: datetime | None, out: Path | None) -> None:
    """导出数据表"""
    needs_database()
    if form == "xlsx" and out is None:
        raise Stop("导出 Excel 请用 --out 指定文件名。")
    exporting.export(table, form, out, on=day.date() if day else None)


@main.group()
def paper() -> None:
    """按公文格式生成 Word 文档"""


OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))


@paper.command("urge")
@click.argument("number", type=int)
@OUT
@in_app
def paper_urge(number: int, out: Path) -> None:
    """催办单；NUMBER 是该催办单在系统中的编号，即网址中的数字"""
    needs_database()
    click.echo(papering.urge(number, out))


@paper.command("bulletin")
@click.argument("number", type=int)
@OUT
@in_app
def paper_bulletin(number: int, out: Path) -> None:
    """已印发的通报；NUMBER 是网址中的数字"""
    needs_database()
    click.echo(papering.bulletin(number, out))


@paper.command("situation")
@click.option("--office", required=True, help="统筹单位全称")
@click.option("--to", "reader", type=click.Choice(list(READERS)), default="province",
              show_default=True, help="主送：province 省人民政府，ministry 商务部")  # fmt: skip
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="统计截止日，默认今天")
@OUT
@in_app
def paper_situation(office: str, reader: str, day: datetime | None, out: Path) -> None:
    """复制推广工作情况报告"""
    needs_database()
    click.echo(papering.situation(office, day.date() if day else today(), reader, out))


@main.command("run-job")
@click.argument("name", type=click.Choice(sorted(jobs.JOBS)))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="哪一天")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@in_app
def run_job(name: str, day: datetime, as_json: bool) -> None:
    """现在办理某一天的一项定时工作"""
    needs_database()
    if early := timetable.counts_for(name, day.date()):
        warn(early)
    if name in jobs.WITH_LINKS:
        serving.warn_of_guess(current_app.config["TRACKER"], warn)
    told = timetable.by_hand(name, day.date(), now())
    words = "，".join(f"{key}={value}" for key, value in told.items())
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else words)


@main.command("synth")
@click.option("--scale", type=click.Choice(sorted(synth.SCALES)), required=True, help="规模")
@in_app
def synthesise(scale: str) -> None:
    """写入某一规模的合成数据（仅限演示环境）"""
    needs_database()
    synth.synthesise(scale, today(), click.echo)


@main.command()
@click.argument("what", type=click.Choice(["import", "pages", "jobs", "exports"]))
@click.option("--sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def bench(what: str, sources: Path | None, rounds: int, as_json: bool) -> None:
    """测量用时：import 用自造数据；pages 打开本演示系统的页面；exports 写大表和台账"""
    try:
        if what == "exports":
            figures = export_bench.measure_exports(create_app(), rounds)
        elif what == "pages":
            figures = paging_bench.measure_pages(create_app(), rounds)
        elif what == "jobs":
            figures = jobs_bench.measure_jobs(create_app(), rounds)
        else:
            figures = benching.measure_import(sources=sources, rounds=rounds)
    except (Unreadable, paging_bench.NotMeasured) as refusal:
        end_with(str(refusal))
    click.echo(benching.as_json(figures) if as_json else benching.as_table(figures))


@main.command()
@click.argument("old")
@click.argument("new")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="承接日期")
@click.option("--kind", type=click.Choice(sorted(editing.SUCCESSIONS)), required=True, help="方式")
@click.option("--source", default="", help="依据，例如机构改革方案名称")
@click.option("--unsure", is_flag=True, help="尚未核实：由统筹单位逐项明确承接单位")
@click.option("--preview", is_flag=True, help="只看会调整什么，不写入")
@click.option("--undo", is_flag=True, help="撤销已登记的承接，尚未报送的退回原单位")
@in_app
def succeed(old: str, new: str, day: datetime, kind: str, source: str, **how: bool) -> None:
    """单位职责承接：从某日起，OLD 尚未报送的应报事项由 NEW 承接"""
    needs_database()
    given = HandOver(day=day.date(), kind=kind, source=source, sure=not how["unsure"])
    asked = reorganisation.Asked(old=old, new=new, given=given)
    act = reorganisation.undo if how["undo"] else reorganisation.succeed
    click.echo(reorganisation.preview(asked) if how["preview"] else act(asked))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def backup(file: Path) -> None:
    """把数据库和全部文件备份成一个文件，并读回核对；服务可以照常运行"""
    needs_database()
    click.echo(backing_up.back_up(file, current_app.config["TRACKER"], now()))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_app
def restore(file: Path) -> None:
    """把备份恢复到空的系统"""
    click.echo(restoring.restore(file, current_app.config["TRACKER"]))


@main.command()
@in_app
def doctor() -> None:
    """检查本系统有什么问题、怎样处理，并列出生效的设置（口令不显示）"""
    needs_database()
    wrong = examining.examine(current_app.config["TRACKER"], now(), click.echo)
    if wrong:
        raise Stop(f"有{wrong}项需要处理，办法见上。")


@main.group()
def user() -> None:
    """人员"""


@user.command("add")
@click.argument("account")
@click.argument("name")
@click.option("--unit", required=True, help="单位全称")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)))
@click.option("--email", default="", help="邮箱")
@in_app
def add_user(account: str, name: str, unit: str, roles: tuple[str, ...], email: str) -> None:
    """新增人员，并显示一次初始密码"""
    needs_database()
    click.echo(staffing.add(account, name, unit=unit, roles=roles, email=email))


@user.command("lock")
@click.argument("account")
@in_app
def lock_user(account: str) -> None:
    """停用账号"""
    needs_database()
    click.echo(staffing.lock(account))


@user.command("unlock")
@click.argument("account")
@in_app
def unlock_user(account: str) -> None:
    """恢复账号"""
    needs_database()
    click.echo(staffing.unlock(account))


@user.command("reset")
@click.argument("account")
@in_app
def reset_user(account: str) -> None:
    """重置密码，并显示一次初始密码"""
    needs_database()
    click.echo(staffing.reset(account))


@main.group()
def audit() -> None:
    """审计日志"""


@audit.command("verify")
@in_app
def verify_log() -> None:
    """核验日志的哈希链"""
    needs_database()
    verdict = chain.verify()
    if verdict.broken is not None:
        raise Stop(f"日志不完整：编号{verdict.broken}的记录与封存时不一致，请立即保全数据库。")
    click.echo(f"已核验{verdict.checked}条，前后相连，没有发现改动。")


@main.group("db")
def database() -> None:
    """数据库"""


@database.command()
@in_app
def upgrade() -> None:
    """应用全部迁移"""
    migrating.upgrade()


@database.command()
@in_app
def check() -> None:
    """检查模型与迁移是否一致"""
    difference = migrating.difference()
    if difference:
        raise Stop(f"模型与迁移不一致：{difference}")
    click.echo("模型与迁移一致。")
