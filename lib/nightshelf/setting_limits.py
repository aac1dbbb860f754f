"""Between what limits each setting has to lie."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

AT_LEAST_ONE = (
    *("max_tokens", "max_padded_tokens", "window_rows", "wave_rows", "host_memory_mb"),
    *("kept_releases", "remote_max_tokens", "remote_concurrency", "remote_max_reply_kb"),
    *("remote_attempts", "remote_breaker_failures", "remote_batch_rows"),
    "generator_max_tokens",
)
BETWEEN = {
    **dict.fromkeys(("max_failed_share", "max_label_drift", "max_product_drop"), (0, 1)),
    **dict.fromkeys(("max_refused_share", "max_texts_alike"), (0, 1)),
    "max_sentence_drift": (0, 100),
    "lease_minutes": (0, 1440),
    "host_idle_seconds": (0, 86400),
    "input_deadline_hours": (0, 8760),
    "night_deadline_hours": (0, 8760),
    "approval_hours": (0, 8760),
    "wave_minutes": (0, 1440),
    **dict.fromkeys(("cap_rows", "cap_tokens"), (0, 10**15)),
    **dict.fromkeys(("cap_cost", "price_per_million_tokens", "price_per_device_hour"), (0, 10**9)),
    "spark_executor_cores": (0, 1024),
    "spark_ui_port": (0, 65535),
    "airflow_port": (1, 65535),
    "snapshot_days": (0, 3650),
    # Iceberg itself refuses to look for orphans among files of the last 24 hours.
    "orphan_days": (1.01, 3650),
    "garbage_days": (0, 36500),
    **dict.fromkeys(("generator_temperature", "remote_temperature"), (0, 2)),
    "generator_seed": (0, 2**32 - 1),
    "generator_memory_share": (0, 1),
    "remote_max_text_bytes": (1, 10**8),
    "remote_overhead_tokens": (0, 10**6),
    **dict.fromkeys(("remote_requests_per_minute", "remote_tokens_per_minute"), (0, 10**9)),
    "remote_deadline_seconds": (0, 86400),
    "remote_idle_seconds": (0, 86400),
    "remote_retry_share": (0, 10),
    "remote_breaker_minutes": (0, 1440),
    **dict.fromkeys(
        ("remote_price_per_million_prompt_tokens", "remote_price_per_million_answer_tokens"),
        (0, 10**6),
    ),
    "remote_batch_price_share": (0, 1),
    # Beyond, billionths of it would not fit into a database's whole numbers.
    "remote_cap": (0, 10**9),
    "remote_cap_tokens": (0, 10**15),
    "remote_batch_hours": (0, 168),
    "remote_poll_seconds": (0, 3600),
}
NEVER_ZERO = (
    *("lease_minutes", "host_idle_seconds", "snapshot_days", "remote_deadline_seconds"),
    "generator_memory_share",
    *("remote_idle_seconds", "remote_breaker_minutes", "remote_batch_hours"),
    "remote_poll_seconds",
)
CHOICES = {
    "catalog_mode": ("delta", "snapshot"),
    "long_texts": ("cut", "windows"),
    "generator_engine": ("torch", "vllm"),
    "precision": ("fp32", "bf16", "auto", "int8"),
    "over_cap": ("hold", "take"),
    "plan_order": ("newest", "oldest", "most_reviewed", "shortest"),
    "redact_names": ("off", "presidio"),
    "remote_form": ("stream", "batch"),
    "remote_echo": ("schema", "prompt", "none"),
    "remote_limit_field": ("max_tokens", "max_completion_tokens"),
}


def is_program(path: str) -> bool:
    """
    Whether it is a file that may be run, whatever folder one stands in.

    >>> is_program("/bin/sh"), is_program("bin/sh"), is_program("/bin"), is_program("/etc/passwd")
    (True, False, False, False)
    """
    file = Path(path)
    return file.is_absolute() and file.is_file() and os.access(file, os.X_OK)


def is_time_zone(name: str) -> bool:
    """
    Whether a time zone is called so.

    >>> is_time_zone("Europe/Berlin"), is_time_zone("Europe"), is_time_zone("")
    (True, False, False)
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        return False
    return True
