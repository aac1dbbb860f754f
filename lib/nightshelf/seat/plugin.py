"""What Airflow loads by the entry point `airflow.plugins`: in every process, so nothing heavy."""

from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

_PAGE = "nightshelf/static/page.js"


class NightshelfSeat(AirflowPlugin):
    """The page in the navigation, and a tab on each run and each task."""

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
