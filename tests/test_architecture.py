"""The rules of the house that no other tool checks. The floors stand in pyproject.toml."""

from __future__ import annotations

import ast
import pkgutil
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

import tracker
from tracker.app import create_app
from tracker.config import ROOT, TEMPLATES, Settings
from tracker.db import Base

PACKAGE = ROOT / "tracker"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
# What only the mover of a floor writes: a `moving.py` right under it.
MOVED = frozenset({"status", "awaited_by"})
# Endpoints that need no mark, each with its reason beside it.
WITHOUT_MARK: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as it is wired, over no database."""
    folder = tmp_path_factory.mktemp("wired")
    return create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder / 'none.sqlite3'}",
            secret_key="test" * 16,
            production=False,
        )
    )


def floors() -> dict[str, int]:
    """Each module right under tracker/ and its floor, the ground being 0."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = written["tool"]["importlinter"]["contracts"]
    (layers,) = (c["layers"] for c in contracts if c["type"] == "layers")
    return {
        name.strip(" ()"): floor
        for floor, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }


def part(module: str) -> str:
    return module.split(".")[1]


def is_below(lower: str, upper: str) -> bool:
    """Whether one module may lean on another: in its own package, or on a floor further down."""
    level = floors()
    return part(lower) == part(upper) or level[part(lower)] < level[part(upper)]


def models() -> list[type]:
    for found in pkgutil.walk_packages(tracker.__path__, "tracker."):
        if found.name.endswith(".models"):
            import_module(found.name)
    return [mapper.class_ for mapper in Base.registry.mappers]


def parsed() -> Iterator[tuple[Path, ast.Module]]:
    for file in FILES:
        yield file.relative_to(PACKAGE), ast.parse(file.read_text("utf-8"))


def test_relationships_point_down_only() -> None:
    pairs = [
        (owner, relation.mapper.class_, relation.key)
        for owner in models()
        for relation in owner.__mapper__.relationships
    ]
    assert pairs
    assert not [
        f"{owner.__name__}.{key} → {target.__name__}"
        for owner, target, key in pairs
        if not is_below(target.__module__, owner.__module__)
    ]


def test_foreign_keys_point_down_only() -> None:
    home = {model.__table__: model.__module__ for model in models()}
    assert not [
        f"{key.parent} → {key.column}"
        for table, module in home.items()
        for key in table.foreign_keys
        if not is_below(home[key.column.table], module)
    ]


def test_every_route_carries_an_access_mark(wired: Flask) -> None:
    assert not [
        f"{rule.rule} ({rule.endpoint})"
        for rule in wired.url_map.iter_rules()
        if rule.endpoint not in WITHOUT_MARK
        and not hasattr(wired.view_functions[rule.endpoint], "access")
    ]


def test_only_movers_write_a_status_or_the_day_something_is_awaited() -> None:
    assert not [
        f"{file}:{line} {name}"
        for file, tree in parsed()
        if not (len(file.parts) == 2 and file.name == "moving.py")
        for line, name in writes(tree)
    ]


def test_only_the_mover_of_tasks_writes_a_tasks_state() -> None:
    assert not [
        f"{file}:{node.lineno}"
        for file, tree in parsed()
        if str(file) != "tasks/moving.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node).endswith("task.state")
    ]


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where `x.status = …`, `setattr(x, "status", …)` or `.values(status=…)` stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            names = {node.attr}
        elif isinstance(node, ast.Call):
            names = written_by(node)
        else:
            continue
        for name in names & MOVED:
            yield node.lineno, name


def written_by(call: ast.Call) -> set[str | None]:
    if isinstance(call.func, ast.Name) and call.func.id == "setattr":
        return {str(a.value) for a in call.args if isinstance(a, ast.Constant)}
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("values", "update"):
        return {keyword.arg for keyword in call.keywords} | set(keys_of(call))
    return set()


def keys_of(call: ast.Call) -> Iterator[str]:
    """The keys of a mapping that is written out: "status", or Obligation.status."""
    for argument in call.args:
        for key in argument.keys if isinstance(argument, ast.Dict) else ():
            if isinstance(key, ast.Constant):
                yield str(key.value)
            elif isinstance(key, ast.Attribute):
                yield key.attr


def test_no_file_is_longer_than_its_cap() -> None:
    lengths = {f.relative_to(ROOT): len(f.read_text("utf-8").splitlines()) for f in FILES}
    assert not {str(f): length for f, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_longer_than_its_cap() -> None:
    assert not [
        f"{file}:{node.lineno} {node.name}"
        for file, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def test_nothing_prints() -> None:
    assert not [
        f"{file}:{node.lineno}"
        for file, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]


def test_units_stand_in_the_order_of_the_registry_and_not_of_their_characters() -> None:
    found = {
        f"{file}:{node.lineno}"
        for file, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "order_by" and "Unit.name" in map(ast.unparse, node.args)
    }
    assert not found


def test_all_templates_parse(wired: Flask) -> None:
    for file in TEMPLATES.rglob("*"):
        if file.is_file():
            wired.jinja_env.get_template(str(file.relative_to(TEMPLATES)))
