"""GPUs of one machine, where Spark has no executors to give them to."""

import re
from dataclasses import replace

import pytest

from nightshelf.answers.status import ANSWERED
from nightshelf.errors import HostLost, SettingsError
from nightshelf.host.folder import HostFolder
from nightshelf.lakehouse.catalog import rows_of
from nightshelf.names import ANSWERS
from nightshelf.settings import Settings

DATE = "2026-03-01"
REVIEWS = [
    {"review_id": f"r{n}", "product_id": "p", "body": f"a good thing {n}"} for n in range(30)
]


@pytest.fixture
def gpus(tmp_path):
    def program(addresses):
        script = tmp_path / "gpus.sh"
        script.write_text(f"""#!/bin/sh\necho '{{"name": "gpu", "addresses": {addresses}}}'\n""")
        script.chmod(0o755)
        return str(script)

    return program


@pytest.mark.parametrize(
    ("addresses", "shown"), [('["0", "MIG-7/1/0"]', {"0", "MIG-7/1/0"}), ('["5"]', {"5"})]
)
def test_workers_share_out_the_gpus_of_their_machine(new_shop, gpus, addresses, shown):
    shop = new_shop(spark_gpu_discovery=gpus(addresses))
    shop.land("reviews", REVIEWS, DATE)
    shop.night(DATE)
    assert {label for label, _ in shop.sentiment().values()} == {"positive"}
    log = HostFolder.of(shop.settings.home).log.read_text()
    assert set(re.findall(r"CUDA_VISIBLE_DEVICES=(\S+)", log)) == shown


def test_a_gpu_that_is_not_there_fails_the_night_and_no_review(new_shop, gpus):
    real = Settings()
    shop = new_shop(
        spark_gpu_discovery=gpus('["no-such-gpu"]'),
        encoder=real.encoder,
        sentiment_head=real.sentiment_head,
    )
    shop.land("reviews", REVIEWS, DATE)
    with pytest.raises(HostLost, match=r"cuda-no-such-gpu of .*: no GPU that torch"):
        shop.night(DATE)
    assert rows_of(shop.context.catalog, f"{ANSWERS}.sentiment").num_rows == 0
    assert shop.releases() == []

    # The same run goes on when the setting is mended.
    shop.settings = replace(shop.settings, spark_gpu_discovery="")
    shop.context = replace(shop.context, settings=shop.settings)
    shop.night(DATE, run="n01_0")
    statuses = rows_of(shop.context.catalog, f"{ANSWERS}.sentiment")["status"].to_pylist()
    assert statuses == [ANSWERED] * len(REVIEWS)


def test_a_machine_that_names_no_gpu_asks_nothing(new_shop, gpus):
    shop = new_shop(spark_gpu_discovery=gpus("[]"))
    shop.land("reviews", REVIEWS, DATE)
    with pytest.raises(SettingsError, match="it finds none; mend it, or unset it"):
        shop.night(DATE)
