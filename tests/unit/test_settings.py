import dataclasses
import os
import re
from pathlib import Path

import pytest

from nightshelf.errors import SettingsError
from nightshelf.services.configuration import of_settings
from nightshelf.settings import Settings, process_environ

# A value for each field that is not its default, as an operator writes it and as it is read.
SET = {
    "home": ("/srv/shelf", Path("/srv/shelf")),
    "catalog_uri": ("postgresql://db/lake", "postgresql://db/lake"),
    "warehouse": ("s3://shop/lake", "s3://shop/lake"),
    "ops_uri": ("sqlite:////srv/ops.db", "sqlite:////srv/ops.db"),
    "jars": ("/srv/jars", Path("/srv/jars")),
    "time_zone": ("Europe/Berlin", "Europe/Berlin"),
    "expected": ("reviews,catalog", "reviews,catalog"),
    "input_deadline_hours": ("2.5", 2.5),
    "catalog_mode": ("snapshot", "snapshot"),
    "redact_names": ("presidio", "presidio"),
    "spark_master": ("spark://master:7077", "spark://master:7077"),
    "spark_driver_memory": ("4g", "4g"),
    "spark_java_options": ("-Xss4m", "-Xss4m"),
    "spark_driver_host": ("airflow.shop.internal", "airflow.shop.internal"),
    "spark_executor_cores": ("4", 4),
    "spark_ui_port": ("4040", 4040),
    "spark_gpu_discovery": ("/bin/sh", "/bin/sh"),
    "encoder": ("fake:8", "fake:8"),
    "sentiment_head": ("fake", "fake"),
    "classifiers": ("/etc/classifiers.toml", "/etc/classifiers.toml"),
    "generator": ("remote", "remote"),
    "generator_engine": ("vllm", "vllm"),
    "generator_memory_share": ("0.5", 0.5),
    "generator_max_tokens": ("120", 120),
    "generator_temperature": ("0.7", 0.7),
    "generator_seed": ("7", 7),
    "descriptions": ("/etc/descriptions.toml", "/etc/descriptions.toml"),
    "precision": ("bf16", "bf16"),
    "max_tokens": ("128", 128),
    "long_texts": ("windows", "windows"),
    "max_padded_tokens": (" 512 ", 512),
    "window_rows": ("+9000", 9000),
    "host_idle_seconds": ("2.5", 2.5),
    "host_memory_mb": ("512", 512),
    "wave_rows": ("1", 1),
    "wave_minutes": ("7.5", 7.5),
    "night_deadline_hours": ("6", 6.0),
    "approval_hours": ("0", 0.0),
    "cap_rows": ("1000", 1000),
    "cap_tokens": ("50000", 50000),
    "cap_cost": ("2.5", 2.5),
    "over_cap": ("take", "take"),
    "plan_order": ("oldest", "oldest"),
    "price_per_million_tokens": ("0.02", 0.02),
    "price_per_device_hour": ("1.1", 1.1),
    "currency": ("EUR", "EUR"),
    "max_failed_share": ("0", 0.0),
    "max_label_drift": ("1", 1.0),
    "max_product_drop": ("1e-05", 0.00001),
    "max_refused_share": ("0.1", 0.1),
    "max_texts_alike": ("1", 1.0),
    "max_sentence_drift": ("2.5", 2.5),
    "lease_minutes": ("0.5", 0.5),
    "kept_releases": ("7", 7),
    "snapshot_days": ("0.5", 0.5),
    "orphan_days": ("7", 7.0),
    "garbage_days": ("365", 365.0),
    "remote_url": ("https://api.example.org/v1", "https://api.example.org/v1"),
    "remote_model": ("tiny-2026-03-01", "tiny-2026-03-01"),
    "remote_revision": ("2026-03-01", "2026-03-01"),
    "remote_key_variable": ("AIRFLOW_CONN_MODELS", "AIRFLOW_CONN_MODELS"),
    "remote_ca_file": ("/etc/ssl/shop.pem", "/etc/ssl/shop.pem"),
    "remote_form": ("batch", "batch"),
    "remote_echo": ("prompt", "prompt"),
    "remote_limit_field": ("max_completion_tokens", "max_completion_tokens"),
    "remote_max_tokens": ("300", 300),
    "remote_temperature": ("0.7", 0.7),
    "remote_max_text_bytes": ("4096", 4096),
    "remote_overhead_tokens": ("64", 64),
    "remote_requests_per_minute": ("500", 500.0),
    "remote_tokens_per_minute": ("200000", 200000.0),
    "remote_concurrency": ("32", 32),
    "remote_deadline_seconds": ("60", 60.0),
    "remote_idle_seconds": ("10", 10.0),
    "remote_max_reply_kb": ("64", 64),
    "remote_attempts": ("3", 3),
    "remote_retry_share": ("0.1", 0.1),
    "remote_breaker_failures": ("5", 5),
    "remote_breaker_minutes": ("30", 30.0),
    "remote_price_per_million_prompt_tokens": ("0.15", 0.15),
    "remote_price_per_million_answer_tokens": ("0.6", 0.6),
    "remote_batch_price_share": ("0.5", 0.5),
    "remote_cap": ("20", 20.0),
    "remote_cap_tokens": ("1000000", 1000000),
    "remote_batch_rows": ("5000", 5000),
    "remote_batch_hours": ("12", 12.0),
    "remote_poll_seconds": ("60", 60.0),
    "airflow_port": ("9090", 9090),
}


def read(**variables):
    return Settings.from_environ({f"NIGHTSHELF_{k.upper()}": v for k, v in variables.items()})


def test_the_table_above_names_every_field_and_no_default():
    assert list(SET) == [field.name for field in dataclasses.fields(Settings)]
    same = [name for name, (_, value) in SET.items() if getattr(Settings(), name) == value]
    assert same == []


@pytest.mark.parametrize("name", SET)
def test_every_field_can_be_set(name):
    text, value = SET[name]
    found = getattr(read(**{name: text}), name)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("changed", [{}, *({name: SET[name][0]} for name in SET)], ids=str)
def test_a_child_process_reads_the_same_settings(changed, tmp_path, monkeypatch):
    settings = read(**changed)
    handed_down = of_settings(settings)
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environ(handed_down) == settings


def test_what_is_not_ours_is_not_read():
    assert Settings.from_environ({"PATH": "/bin", "SPARK_HOME": "/opt"}) == Settings.from_environ(
        {}
    )


NUMBER, WHOLE = "is not a number", "is not a whole number"
ZONE = "no time zone is called"
PROGRAM = "must be the absolute path of a file that can be executed"

BAD = [
    ("max_tokens", "many", f"NIGHTSHELF_MAX_TOKENS='many' {NUMBER}"),
    ("max_tokens", "", f"NIGHTSHELF_MAX_TOKENS='' {NUMBER}"),
    ("max_tokens", "1_000", f"NIGHTSHELF_MAX_TOKENS='1_000' {NUMBER}"),
    ("max_tokens", "1.5", f"NIGHTSHELF_MAX_TOKENS='1.5' {WHOLE}"),
    ("max_tokens", "1e3", f"NIGHTSHELF_MAX_TOKENS='1e3' {WHOLE}"),
    ("max_tokens", "0", "NIGHTSHELF_MAX_TOKENS must be at least 1"),
    ("max_padded_tokens", "-1", "NIGHTSHELF_MAX_PADDED_TOKENS must be at least 1"),
    ("host_memory_mb", "1.5", f"NIGHTSHELF_HOST_MEMORY_MB='1.5' {WHOLE}"),
    ("host_memory_mb", "0", "NIGHTSHELF_HOST_MEMORY_MB must be at least 1"),
    ("host_idle_seconds", "0", "NIGHTSHELF_HOST_IDLE_SECONDS must lie between 0 and 86400"),
    ("host_idle_seconds", "-1", "NIGHTSHELF_HOST_IDLE_SECONDS must lie between 0 and 86400"),
    ("host_idle_seconds", "86401", "NIGHTSHELF_HOST_IDLE_SECONDS must lie between 0 and 86400"),
    ("host_idle_seconds", "1e9", "NIGHTSHELF_HOST_IDLE_SECONDS must lie between 0 and 86400"),
    ("window_rows", "0", "NIGHTSHELF_WINDOW_ROWS must be at least 1"),
    ("wave_rows", "0", "NIGHTSHELF_WAVE_ROWS must be at least 1"),
    ("max_failed_share", "1.01", "NIGHTSHELF_MAX_FAILED_SHARE must lie between 0 and 1"),
    ("max_failed_share", "5%", f"NIGHTSHELF_MAX_FAILED_SHARE='5%' {NUMBER}"),
    ("max_failed_share", "nan", f"NIGHTSHELF_MAX_FAILED_SHARE='nan' {NUMBER}"),
    ("max_label_drift", "-0.1", "NIGHTSHELF_MAX_LABEL_DRIFT must lie between 0 and 1"),
    ("max_product_drop", "2", "NIGHTSHELF_MAX_PRODUCT_DROP must lie between 0 and 1"),
    ("lease_minutes", "inf", f"NIGHTSHELF_LEASE_MINUTES='inf' {NUMBER}"),
    ("lease_minutes", "0", "NIGHTSHELF_LEASE_MINUTES must lie between 0 and 1440"),
    ("lease_minutes", "1e999", "NIGHTSHELF_LEASE_MINUTES must lie between 0 and 1440"),
    ("input_deadline_hours", "-1", "NIGHTSHELF_INPUT_DEADLINE_HOURS must lie between 0 and 8760"),
    ("input_deadline_hours", "1e9", "NIGHTSHELF_INPUT_DEADLINE_HOURS must lie between 0 and 8760"),
    ("kept_releases", "0", "NIGHTSHELF_KEPT_RELEASES must be at least 1"),
    ("snapshot_days", "0", "NIGHTSHELF_SNAPSHOT_DAYS must lie between 0 and 3650"),
    ("orphan_days", "1", "NIGHTSHELF_ORPHAN_DAYS must lie between 1.01 and 3650"),
    ("garbage_days", "-1", "NIGHTSHELF_GARBAGE_DAYS must lie between 0 and 36500"),
    ("generator_engine", "sglang", "NIGHTSHELF_GENERATOR_ENGINE must be one of torch, vllm"),
    ("generator_memory_share", "0", "NIGHTSHELF_GENERATOR_MEMORY_SHARE must lie between 0 and 1"),
    ("generator_max_tokens", "0", "NIGHTSHELF_GENERATOR_MAX_TOKENS must be at least 1"),
    ("generator_temperature", "2.1", "NIGHTSHELF_GENERATOR_TEMPERATURE must lie between 0 and 2"),
    ("generator_seed", "-1", "NIGHTSHELF_GENERATOR_SEED must lie between 0 and 4294967295"),
    ("remote_form", "bulk", "NIGHTSHELF_REMOTE_FORM must be one of stream, batch"),
    ("remote_echo", "yes", "NIGHTSHELF_REMOTE_ECHO must be one of schema, prompt, none"),
    ("remote_concurrency", "0", "NIGHTSHELF_REMOTE_CONCURRENCY must be at least 1"),
    ("remote_deadline_seconds", "0", "NIGHTSHELF_REMOTE_DEADLINE_SECONDS must lie between 0"),
    ("remote_temperature", "2.5", "NIGHTSHELF_REMOTE_TEMPERATURE must lie between 0 and 2"),
    ("remote_batch_price_share", "2", "NIGHTSHELF_REMOTE_BATCH_PRICE_SHARE must lie between 0 and"),
    ("remote_cap", "-1", "NIGHTSHELF_REMOTE_CAP must lie between 0 and 1000000000"),
    ("airflow_port", "0", "NIGHTSHELF_AIRFLOW_PORT must lie between 1 and 65535"),
    ("airflow_port", "65536", "NIGHTSHELF_AIRFLOW_PORT must lie between 1 and 65535"),
    ("catalog_mode", "full", "NIGHTSHELF_CATALOG_MODE must be one of delta, snapshot"),
    ("precision", "fp16", "NIGHTSHELF_PRECISION must be one of fp32, bf16, auto, int8"),
    ("spark_ui_port", "65536", "NIGHTSHELF_SPARK_UI_PORT must lie between 0 and 65535"),
    ("spark_executor_cores", "-1", "NIGHTSHELF_SPARK_EXECUTOR_CORES must lie between 0 and 1024"),
    *(
        ("spark_gpu_discovery", path, f"NIGHTSHELF_SPARK_GPU_DISCOVERY {PROGRAM}; {path} is not")
        for path in ("/nowhere/gpus.sh", "gpus.sh", "/bin", "/etc/passwd", "sh")
    ),
    ("time_zone", "Berlin", f"NIGHTSHELF_TIME_ZONE: {ZONE} 'Berlin'; use a name such as Eu"),
    ("time_zone", "", f"NIGHTSHELF_TIME_ZONE: {ZONE} ''"),
    ("time_zone", "../etc", f"NIGHTSHELF_TIME_ZONE: {ZONE} '../etc'"),
    ("time_zone", "Europe", f"NIGHTSHELF_TIME_ZONE: {ZONE} 'Europe'"),
    ("home", "", "NIGHTSHELF_HOME is empty; name a folder, or unset it"),
    ("jars", " ", "NIGHTSHELF_JARS is empty; name a folder, or unset it"),
]


@pytest.mark.parametrize(("name", "text", "message"), BAD)
def test_a_bad_value_is_refused_with_its_name(name, text, message):
    with pytest.raises(SettingsError) as caught:
        read(**{name: text})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        *(("max_tokens", 1), ("window_rows", 1), ("host_memory_mb", 1)),
        *(("host_idle_seconds", 0.001), ("host_idle_seconds", 86400), ("lease_minutes", 1440)),
        *(("input_deadline_hours", 0), ("input_deadline_hours", 8760)),
        *(("airflow_port", 1), ("airflow_port", 65535), ("max_label_drift", 0)),
    ],
)
def test_a_limit_is_allowed_itself(name, limit):
    assert getattr(read(**{name: str(limit)}), name) == limit


def test_the_manual_lists_every_setting():
    manual = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    table = manual.partition("## Settings")[2].partition("\n## ")[0]
    names = {field.name.upper() for field in dataclasses.fields(Settings)}
    first_cells = " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    assert sorted(re.findall(r"`(\w+)`", first_cells)) == sorted(names)


def test_a_secret_is_not_a_setting():
    secret = {"NIGHTSHELF_REMOTE_KEY": "sk-1"}
    settings = Settings.from_environ(secret)
    assert "sk-1" not in repr(settings)
    assert "sk-1" not in str(of_settings(settings))


def test_a_name_that_is_unknown_is_refused_with_those_that_are():
    with pytest.raises(SettingsError) as caught:
        read(max_token="3")
    assert "NIGHTSHELF_MAX_TOKEN is not a setting" in str(caught.value)
    assert "NIGHTSHELF_MAX_TOKENS, NIGHTSHELF_LONG_TEXTS" in str(caught.value)


@pytest.mark.parametrize("name", ["home", "jars"])
@pytest.mark.parametrize(
    ("text", "absolute"),
    [("here", "/cwd/here"), ("./here/../there", "/cwd/here/../there"), ("~/here", "/me/here")],
)
def test_a_folder_is_absolute(monkeypatch, tmp_path, name, text, absolute):
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setenv("HOME", f"{tmp_path}/me")
    assert str(getattr(read(**{name: text}), name)) == f"{tmp_path}{absolute}"


def test_the_default_home_lies_where_the_command_is_called(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = read()
    assert settings.home == tmp_path / ".nightshelf"
    assert settings.landing == tmp_path / ".nightshelf" / "landing"
    assert settings.secret_file == tmp_path / ".nightshelf" / "lake" / "secret"


@pytest.mark.parametrize(
    ("name", "address", "under_home"),
    [
        ("catalog_uri", "catalog_database", "sqlite:////h/lake/catalog.db"),
        ("warehouse", "warehouse_uri", "file:///h/lake/warehouse"),
        ("ops_uri", "ops_database", "sqlite:////h/ops.db"),
    ],
)
def test_state_lies_under_home_unless_it_is_set(name, address, under_home):
    assert getattr(read(home="/h"), address) == under_home
    assert getattr(read(**{"home": "/h", name: ""}), address) == under_home
    assert getattr(read(**{"home": "/h", name: "there"}), address) == "there"


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().home = Path()


def test_a_child_inherits_this_process_environment(monkeypatch):
    monkeypatch.setenv("A_VARIABLE", "its value")
    assert process_environ()["A_VARIABLE"] == os.environ["A_VARIABLE"] == "its value"
