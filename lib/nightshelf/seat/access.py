"""Airflow's login and permissions, as routes ask for them; imported when Airflow is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from nightshelf.names import NIGHTLY
from nightshelf.seat.actions import Airflow

#: What FastAPI calls for a request before a route; it raises for whom it does not let in.
Dependency = Callable[..., Any]


@dataclass(frozen=True)
class Access:
    """
    `user` gives who asks, `reads` lets in who may read the nights, `acts` who may run them.

    `may_act` tells the same of a user without refusing; `airflow` gives Airflow in the user's
    name. `origin` is the one from which pages may write.
    """

    user: Dependency
    reads: Dependency
    acts: Dependency
    may_act: Callable[[Any], bool]
    airflow: Callable[..., Airflow]
    origin: str


def airflows_own() -> Access:
    """To read takes permission to read the DAG `nightly`; to act, to trigger it."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import (
        DagAccessEntity,
        DagDetails,
    )
    from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
    from airflow.configuration import conf

    from nightshelf.seat.own_api import own_api

    def may_act(user: Any) -> bool:  # noqa: ANN401  whatever the auth manager's users are
        return get_auth_manager().is_authorized_dag(
            method="POST",
            access_entity=DagAccessEntity.RUN,
            details=DagDetails(id=NIGHTLY),
            user=user,
        )

    return Access(
        user=get_user,
        reads=requires_access_dag("GET", param_dag_id=NIGHTLY),
        acts=requires_access_dag("POST", DagAccessEntity.RUN, NIGHTLY),
        may_act=may_act,
        airflow=own_api,
        origin=origin_of(conf.get("api", "base_url", fallback="")),
    )


def origin_of(url: str) -> str:
    """
    As a browser names the origin of a page there.

    >>> origin_of("https://shop.example:8443/airflow/"), origin_of("http://127.0.0.1:8080")
    ('https://shop.example:8443', 'http://127.0.0.1:8080')
    >>> origin_of("HTTP://Shop.Example:80")
    'http://shop.example'
    """
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")
