"""Between what limits each setting has to lie."""

AT_LEAST_ONE = ("max_tokens", "max_padded_tokens", "window_rows", "wave_rows", "host_memory_mb")
BETWEEN = {
    **dict.fromkeys(("max_failed_share", "max_label_drift", "max_product_drop"), (0, 1)),
    "lease_minutes": (0, 1440),
    "host_idle_seconds": (0, 86400),
    "input_deadline_hours": (0, 8760),
    "airflow_port": (1, 65535),
}
NEVER_ZERO = ("lease_minutes", "host_idle_seconds")
CHOICES = {
    "catalog_mode": ("delta", "snapshot"),
    "long_texts": ("cut", "windows"),
    "precision": ("fp32", "bf16"),
}
