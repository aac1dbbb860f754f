"""The operator's page inside Airflow: what the last nights came to, and what waits for a person."""
