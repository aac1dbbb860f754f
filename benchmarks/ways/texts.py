"""The texts of a folder, for ways that take a list."""

from pathlib import Path

import pyarrow.parquet as pq


def read_texts(folder: Path) -> list[str]:
    texts: list[str] = pq.read_table(folder, columns=["text"])["text"].to_pylist()
    return texts
