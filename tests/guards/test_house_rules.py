"""The rules of this codebase that a machine can check."""

import ast
import re
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import PLACES_OF_TEXT

ROOT = Path(__file__).parents[2]
LIB = ROOT / "lib" / "nightshelf"
FILES = sorted([*LIB.rglob("*.py"), *(ROOT / "dags").rglob("*.py"), *(ROOT / "jobs").glob("*.py")])
MAX_LINES = 150

# Data, not code: as long as what they list.
LISTS = {"planted.py", "schema.py", "tables.py", "settings.py", "cli.py"}

# Columns of text that are not a person's words: ids, codes, hashes, names that we gave.
NOT_WORDS = {
    "review_id",
    "product_id",
    "customer",
    "language",
    "op",
    "currency",
    "image",
    "file",
    "content_key",
    "redactor",
    "run",
}


def test_there_is_something_to_check():
    assert len(FILES) > 60


@pytest.fixture(params=FILES, ids=lambda path: str(path.relative_to(ROOT)))
def path(request):
    return request.param


def test_a_file_fits_in_one_reading(path):
    assert path.name in LISTS or len(path.read_text().splitlines()) <= MAX_LINES


def test_a_file_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text())), "start with one sentence on its purpose"


def test_no_drawers_for_odds_and_ends():
    drawers = {"utils", "helpers", "common", "misc", "base", "manager"}
    assert not [path for path in LIB.rglob("*.py") if path.stem in drawers]


@pytest.mark.parametrize(
    "allowed",
    [
        pytest.param(("pyspark", {"spark", "night"}), id="pyspark"),
        pytest.param(("torch", {"models", "training"}), id="torch"),
        pytest.param(("transformers", {"models", "training"}), id="transformers"),
        pytest.param(("vllm", {"models"}), id="vllm"),
        pytest.param(("airflow", {"seat"}), id="airflow"),
        pytest.param(("fastapi", {"seat"}), id="fastapi"),
        pytest.param(("presidio_analyzer", {"privacy"}), id="presidio"),
        pytest.param(("spacy", set()), id="spacy"),
    ],
)
def test_a_heavy_dependency_has_one_home(allowed):
    module, homes = allowed
    importing = re.compile(rf"^\s*(from|import) {module}\b", re.MULTILINE)
    users = {
        path.relative_to(LIB).parts[0]
        for path in LIB.rglob("*.py")
        if importing.search(path.read_text())
    }
    assert users <= homes


def test_a_dag_file_imports_airflow_and_names_only():
    allowed = re.compile(r"(airflow|nightshelf\.names|common|datetime)\b")
    for path in (ROOT / "dags").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert allowed.match(node.module or ""), f"{path.name} imports {node.module}"
            if isinstance(node, ast.Import):
                assert all(allowed.match(a.name) for a in node.names), path.name


@pytest.mark.parametrize("table", [t for t in TABLES if t.startswith("lake.shop.")])
def test_every_place_where_words_can_lie_is_listed(table):
    if table in ("lake.shop.rejected", "lake.shop.landings"):
        # They hold codes and counts; the tests of ingest look for planted words in them.
        assert table not in PLACES_OF_TEXT
        return
    words = {
        name
        for name, kind in TABLES[table].columns.items()
        if (pa.types.is_string(kind) or pa.types.is_map(kind)) and name not in NOT_WORDS
    }
    assert words == set(PLACES_OF_TEXT[table])


#: In parts, so that this file does not hold what it forbids.
HOSTS = (
    *(("pypi", "org"), ("python" + "hosted",), ("repo1", "maven"), ("repo", "maven", "apache")),
    *(("registry", "npmjs"), ("deb", "debian", "org")),
)
FORBIDDEN = re.compile(
    "|".join(r"\.".join(parts) for parts in HOSTS) + r"|(^|[^A-Za-z0-9_.])/(work|farm)/"
)


def test_no_registry_and_no_path_of_one_machine_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    found = [
        name
        for name in tracked
        if name and not name.endswith(".safetensors") and (ROOT / name).is_file()
        if FORBIDDEN.search((ROOT / name).read_text(errors="replace"))
    ]
    assert found == []
