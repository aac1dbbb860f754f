"""What Airflow loads by the entry point `airflow.plugins`: in every process, so nothing heavy."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

_PAGE = "nightshelf/static/page.js"


class RunReportLink(BaseOperatorLink):
    """From each task of a night to the report of its run."""

    @property
    def name(self) -> str:
        return "Run report"

    def get_link(self, operator: "BaseOperator", *, ti_key: "TaskInstanceKey") -> str:
        from airflow.configuration import conf

        from nightshelf.seat.app import sources
        from nightshelf.seat.links import to_report

        base = conf.get("api", "base_url", fallback="")
        return to_report(sources, (ti_key.dag_id, ti_key.run_id, ti_key.task_id), base or "")


class SparkLink(BaseOperatorLink):
    """From a task whose job runs to Spark's own page, where the settings give it one."""

    @property
    def name(self) -> str:
        return "Spark UI"

    def get_link(self, operator: "BaseOperator", *, ti_key: "TaskInstanceKey") -> str:
        from nightshelf.seat.app import sources
        from nightshelf.seat.links import to_spark

        return to_spark(sources, (ti_key.dag_id, ti_key.run_id, ti_key.task_id))


class NightshelfSeat(AirflowPlugin):
    """The page in the navigation, a tab on each run and each task, and links of tasks."""

    name = "nightshelf"
    react_apps = [  # noqa: RUF012  as Airflow declares it
        {
            "name": "Nightshelf",
            "bundle_url": _PAGE,
            "destination": "nav",
            "url_route": "nightshelf",
            "nav_top_level": True,
        },
        {
            "name": "Run report",
            "bundle_url": _PAGE,
            "destination": "dag_run",
            "url_route": "nightshelf_report",
        },
        {
            "name": "Task report",
            "bundle_url": _PAGE,
            "destination": "task_instance",
            "url_route": "nightshelf_task",
        },
    ]

    #: Of all tasks: those of our DAGs are of classes that only the folder of DAGs can import.
    global_operator_extra_links = [RunReportLink(), SparkLink()]  # noqa: RUF012

    @cached_property
    def fastapi_apps(self) -> list[Any]:  # type: ignore[override]
        """Made where they are served: tasks and the scheduler load this class as well."""
        from nightshelf.seat.access import airflows_own
        from nightshelf.seat.app import PREFIX, make_app

        return [{"app": make_app(airflows_own()), "url_prefix": PREFIX, "name": "nightshelf"}]

    @cached_property
    def fastapi_root_middlewares(self) -> list[Any]:  # type: ignore[override]
        """A content security policy for all of Airflow."""
        from nightshelf.seat.guard import AirflowPolicy

        return [{"middleware": AirflowPolicy, "args": [], "kwargs": {}, "name": "nightshelf"}]
