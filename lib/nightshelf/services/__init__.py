"""Start and stop what a night runs on: PostgreSQL and Airflow."""
