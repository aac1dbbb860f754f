"""The settings of a Spark session; imports no pyspark, so that a launcher can read them."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from nightshelf.settings import Settings

_LOG4J = Path(__file__).with_name("log4j2.properties")

#: A night on one machine is many small queries: compiling each takes longer than running it.
_ON_ONE_MACHINE = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}

CATALOG = "spark.sql.catalog.lake"

_LOCAL = re.compile(r"local(?:\[(\d+|\*)(?:,\d+)?\])?")


def spark_conf(settings: Settings, jars: Sequence[Path]) -> dict[str, str]:
    """Everything that a job needs to find the lake, stay on this machine, and keep quiet."""
    return {
        "spark.master": settings.spark_master,
        "spark.driver.memory": settings.spark_driver_memory,
        "spark.driver.extraJavaOptions": (
            f"{settings.spark_java_options} -Dlog4j2.configurationFile={_LOG4J.as_uri()}"
        ),
        "spark.jars": ",".join(str(jar) for jar in jars),
        # Only classes that the driver's JVM finds here by itself are put into a class archive.
        "spark.driver.extraClassPath": os.pathsep.join(str(jar) for jar in jars),
        "spark.driver.host": settings.spark_driver_host,
        "spark.driver.bindAddress": settings.spark_driver_host,
        **_own_page(settings.spark_ui_port),
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": str(settings.home / "spark"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
        # A task that runs twice at once would ask the model twice.
        "spark.speculation": "false",
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        CATALOG: "org.apache.iceberg.spark.SparkCatalog",
        f"{CATALOG}.type": "jdbc",
        f"{CATALOG}.warehouse": settings.warehouse_uri,
        f"{CATALOG}.jdbc.schema-version": "V1",
        f"{CATALOG}.cache-enabled": "false",
        **_on_one_machine(settings.spark_master),
        **_of_executors(settings),
        **_catalog_address(settings),
    }


def _own_page(port: int) -> dict[str, str]:
    """
    Spark takes the next free port where another job has this one; nobody ends a job from it.

    >>> _own_page(0), _own_page(4040)["spark.ui.killEnabled"]
    ({'spark.ui.enabled': 'false'}, 'false')
    """
    if not port:
        return {"spark.ui.enabled": "false"}
    return {
        "spark.ui.enabled": "true",
        "spark.ui.port": str(port),
        "spark.ui.killEnabled": "false",
    }


def is_local(master: str) -> bool:
    """
    Whether the driver does all the work, and there are no executors.

    >>> is_local("local[*]"), is_local("spark://head:7077")
    (True, False)
    """
    return bool(_LOCAL.fullmatch(master))


def _of_executors(settings: Settings) -> dict[str, str]:
    """
    One GPU each. No task takes it unless its stage asks for it, so other stages use all cores.
    """
    conf = {}
    if settings.spark_executor_cores:
        conf["spark.executor.cores"] = str(settings.spark_executor_cores)
    if settings.spark_gpu_discovery and not is_local(settings.spark_master):
        conf["spark.executor.resource.gpu.amount"] = "1"
        conf["spark.executor.resource.gpu.discoveryScript"] = settings.spark_gpu_discovery
    return conf


def _on_one_machine(master: str) -> dict[str, str]:
    """
    A shuffle into more parts than there are slots only costs tasks.

    >>> _on_one_machine("local[16]")["spark.sql.shuffle.partitions"]
    '16'
    >>> _on_one_machine("spark://head:7077")
    {}
    """
    if not (local := _LOCAL.fullmatch(master)):
        return {}
    slots = (os.cpu_count() or 1) if local[1] == "*" else int(local[1] or 1)
    return {**_ON_ONE_MACHINE, "spark.sql.shuffle.partitions": str(slots)}


def _catalog_address(settings: Settings) -> dict[str, str]:
    """
    SQLAlchemy's address of the catalog, as JDBC says it.

    Concurrent nights share SQLite by waiting for each other's short commits.
    """
    url = sa.make_url(settings.catalog_database)
    if url.get_backend_name() == "sqlite":
        return {f"{CATALOG}.uri": f"jdbc:sqlite:{url.database}?busy_timeout=60000"}
    place = f"{url.host or '127.0.0.1'}:{url.port or 5432}/{url.database}"
    address = {f"{CATALOG}.uri": f"jdbc:postgresql://{place}"}
    if url.username:
        address[f"{CATALOG}.jdbc.user"] = url.username
    if url.password:
        address[f"{CATALOG}.jdbc.password"] = str(url.password)
    return address
