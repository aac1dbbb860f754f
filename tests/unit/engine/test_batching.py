import pyarrow as pa
import pytest

from nightshelf.engine.batching import plan_batches, windows


@pytest.mark.parametrize(
    ("lengths", "budget", "expected"),
    [
        pytest.param([], 8, [], id="nothing to do"),
        pytest.param([3, 3], 8, [[0, 1]], id="equal rows share a batch"),
        pytest.param([2, 9, 3, 3], 8, [[1], [2, 3], [0]], id="a row over budget travels alone"),
        pytest.param([1, 4, 1, 1], 8, [[1, 0], [2, 3]], id="padding counts, not content"),
        pytest.param([0, 0], 8, [[0, 1]], id="empty texts"),
    ],
)
def test_plan_batches(lengths, budget, expected):
    assert plan_batches(lengths, max_padded_tokens=budget) == expected


def test_no_row_is_lost_or_repeated():
    lengths = [7, 1, 120, 3, 3, 64, 0, 12]
    batches = plan_batches(lengths, max_padded_tokens=100)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))


@pytest.mark.parametrize(
    ("sizes", "rows", "expected"),
    [
        pytest.param([], 4, [], id="no batches"),
        pytest.param([0, 0], 4, [], id="only empty batches"),
        pytest.param([2, 2, 2], 4, [4, 2], id="small batches are joined"),
        pytest.param([9], 4, [9], id="a large one is not cut"),
        pytest.param([3, 0, 1], 4, [4], id="nothing is left over"),
    ],
)
def test_windows(sizes, rows, expected):
    numbers = iter(range(100))
    batches = [
        pa.RecordBatch.from_pydict(
            {"n": pa.array([next(numbers) for _ in range(size)], pa.int64())}
        )
        for size in sizes
    ]
    found = list(windows(batches, rows=rows))
    assert [window.num_rows for window in found] == expected
    assert [n for window in found for n in window["n"].to_pylist()] == list(range(sum(sizes)))
