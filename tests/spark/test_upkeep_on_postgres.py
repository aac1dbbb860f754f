"""Maintenance, approval and retraction with catalog and operations database on PostgreSQL."""

import os
import socket
from datetime import UTC, datetime

import psycopg2
import pytest
from tests.spark.test_approve import approve, reviews
from tests.spark.test_maintenance import content_of, done, keep_up, refs
from tests.spark.test_retract import withdraw

from nightshelf.errors import AuditError, NightshelfError
from nightshelf.lakehouse.rollback import rollback
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.night.waiting import waiting
from nightshelf.ops import runs
from nightshelf.services import postgres_programs

PROGRAMS = postgres_programs.find()
pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="no embedded PostgreSQL runs here")


@pytest.fixture
def address(tmp_path):
    """A server of the test's own on a free port of this machine."""
    data = tmp_path / "postgres"
    data.mkdir()
    postgres_programs.give(data)
    if os.geteuid() == 0:
        tmp_path.chmod(0o755)
    trust = ("--auth-local=trust", "--auth-host=trust")
    postgres_programs.run([PROGRAMS / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", *trust])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data}"
    command = [PROGRAMS / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", options]
    postgres_programs.run(command)
    try:
        connection = psycopg2.connect(
            host="127.0.0.1", port=port, user="postgres", dbname="postgres"
        )
        connection.autocommit = True
        for name in ("lake", "ops"):
            connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.close()
        yield f"postgresql+psycopg2://postgres@127.0.0.1:{port}"
    finally:
        stop = [PROGRAMS / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data]
        postgres_programs.run(stop)


def test_a_lake_is_kept_small_and_people_decide(new_shop, address):
    shop = new_shop(
        kept_releases=2, wave_rows=40, catalog_uri=f"{address}/lake", ops_uri=f"{address}/ops"
    )
    shop.now = datetime.now(UTC)
    for number, day in enumerate(("2026-03-01", "2026-03-02", "2026-03-03")):
        shop.land("reviews", reviews(1000 * number, 120, "great"), day)
        shop.night(day, run=f"n{number}")
    shop.land("reviews", reviews(5000, 120, "terrible"), "2026-03-04")
    with pytest.raises(AuditError, match="label_drift"):
        shop.night("2026-03-04", run="sale")
    runs.update_run(shop.context.ops, "sale", state=runs.HELD, error="held")
    kept = {number: content_of(shop, number) for number in (2, 3)}

    report = keep_up(shop)
    assert report["bytes_freed"] > 0
    assert report["tables"]["lake.answers.sentiment"]["folded"] >= 12
    assert {number: content_of(shop, number) for number in kept} == kept
    with pytest.raises(NightshelfError, match="release 1 is no longer kept"):
        shop.rows("review_sentiment", 1)
    assert "run_sale" in refs(shop, REVIEW_SENTIMENT)
    assert done(keep_up(shop)) == {}

    [line] = waiting(shop.context.ops, shop.releases())
    assert line.startswith(" held  sale of 2026-03-04")
    approve(shop)
    assert shop.releases()[-1].reason.startswith("approved by ada (a sale)")
    assert len(shop.sentiment()) == 480

    withdraw(shop, "n1")
    shop.land("reviews", reviews(9000, 1, "great"), "2026-03-05")
    row = shop.night("2026-03-05", run="next")
    assert row["plan"]["sentiment"]["to_ask"] == 121
    signed = [row["run"] for row in shop.rows("review_sentiment").to_pylist()]
    assert (signed.count("n1"), signed.count("next"), len(signed)) == (0, 121, 481)

    rollback(shop.context.catalog, 3, reason="", now=shop.clock())
    assert content_of(shop, 6) == kept[3]
