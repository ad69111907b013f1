"""The house keeps its shape: imports run one way, heavy libraries have one home, partnerships stay in their folder."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["config", "expectations", "tasks", "flows", "deployments"]
"""Each may import itself and those before it; templates are data, built by a script of their own."""

HOMES = {
    "prefect": ["tasks/steps.py", "flows/", "deployments/"],
    "boto3": ["tasks/store/s3.py"],
    "botocore": ["tasks/store/s3.py"],
    "great_expectations": ["tasks/validate/", "expectations/"],
    "docx": ["tasks/assemble/", "tasks/gather/", "tasks/review/", "templates/"],
    "docxtpl": ["tasks/assemble/", "templates/"],
    "openpyxl": ["tasks/gather/", "tasks/returns/"],
    "xlrd": ["tasks/gather/old_excel.py"],
    "python_calamine": ["tasks/gather/binary_excel.py"],
    "subprocess": ["tasks/gather/apart.py", "tasks/assemble/office.py", "flows/"],
    "resource": ["tasks/gather/forking.py"],
    "click": ["flows/command"],
    "holidays": ["tasks/due.py"],
    "starlette": ["flows/pages", "flows/server_process.py"],
    "uvicorn": ["flows/pages.py", "flows/server_process.py"],
    "scipy": ["tasks/disclosure.py"],
    "numpy": ["tasks/reconcile/"],
    "pydantic": ["config/", "expectations/", "flows/"],
}
HEAVY = {
    "prefect",
    "boto3",
    "great_expectations",
    "pandas",
    "docx",
    "docxtpl",
    "openpyxl",
    "xlrd",
    "python_calamine",
    "lxml",
    "jinja2",
    "holidays",
    "scipy",
    "numpy",
    "pyarrow",
    "starlette",
    "uvicorn",
}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def faults(path: str, code: str) -> list[str]:
    """What in one file's imports goes against the house."""
    room = path.split("/")[0]
    found = []
    for name in sorted({name.split(".")[0] for name in imports(ast.parse(code))}):
        if name in ROOMS and room in ROOMS and ROOMS.index(name) > ROOMS.index(room):
            found.append(f"{path} imports {name}, which comes after it")
        if name in HOMES and not any(path.startswith(home) for home in HOMES[name]):
            found.append(f"{path} imports {name}, whose home is {', '.join(HOMES[name])}")
    return found


@pytest.mark.parametrize("path", sources(*ROOMS, "templates"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way_and_heavy_libraries_stay_home(path: Path) -> None:
    assert faults(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) == []


def test_a_planted_fault_is_found() -> None:
    assert faults("config/model.py", "from tasks.store import open_store") == [
        "config/model.py imports tasks, which comes after it"
    ]
    assert len(faults("tasks/gather/inbox.py", "def f():\n import boto3")) == 1


def test_no_partnership_is_named_outside_its_folder() -> None:
    ours = [p.name for p in (ROOT / "config" / "partnerships").iterdir() if p.is_dir()]
    names = "|".join([*ours, "Hartlepool", "Stockton"])
    texts = [p for folder in [*ROOMS, "templates"] for p in (ROOT / folder).rglob("*") if p.is_file()]
    named = [
        str(path.relative_to(ROOT))
        for path in texts
        if "partnerships" not in path.parts
        and "__pycache__" not in path.parts
        and re.search(names.encode(), path.read_bytes(), re.IGNORECASE)
    ]
    assert named == []


def test_no_flow_file_hides_another_module() -> None:
    """Prefect loads a flow file under its bare stem, first on the path."""
    stems = {path.stem for path in (ROOT / "flows").glob("*.py")} - {"__init__", "__main__"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert stems & (folders | set(sys.stdlib_module_names)) == set()


def test_the_command_line_imports_nothing_heavy_until_it_needs_it() -> None:
    """So that `assure --help` is instant: follow the imports at module level from the command line."""
    seen: set[str] = set()
    queue = ["flows.command_line"]
    while queue:
        name = queue.pop()
        path = ROOT / (name.replace(".", "/") + ".py")
        if not path.exists():
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for found in imports(ast.Module([node], [])) if isinstance(node, ast.Import | ast.ImportFrom) else ():
                if found not in seen:
                    seen.add(found)
                    queue.append(found)
    assert {name.split(".")[0] for name in seen} & HEAVY == set()


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|index-url|find-links", lock)
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []
