"""The published tables, as Airflow's assets."""

from airflow.sdk import Asset

from nightshelf.names import SHELF

SHELF_TABLES = [Asset(name=table, uri=f"nightshelf://{table.replace('.', '/')}") for table in SHELF]
