-- Beside Airflow's own database: the Iceberg catalog and the operations tables.
CREATE DATABASE catalog;
CREATE DATABASE ops;
