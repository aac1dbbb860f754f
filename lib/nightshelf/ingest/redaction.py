"""Take personal data out of accepted rows, before anything else reads their text."""

import numpy as np
import pyarrow as pa

from nightshelf.contracts import Contract
from nightshelf.privacy.redact import redact

REDACTIONS = "redactions"


def redacted(accepted: pa.Table, contract: Contract) -> pa.Table:
    """
    The table with `contract.redacted` columns clean (of a map, its values), and one column
    more: `redactions`, int32, how many pieces of personal data were replaced in the row.
    """
    counts = np.zeros(accepted.num_rows, np.int32)
    for name in contract.redacted:
        index = accepted.schema.get_field_index(name)
        field = accepted.schema.field(index)
        clean = [_clean(cell, row, counts) for row, cell in enumerate(accepted[name].to_pylist())]
        accepted = accepted.set_column(index, field, pa.array(clean, field.type))
    return accepted.append_column(REDACTIONS, pa.array(counts))


def _clean(cell: object, row: int, counts: "np.typing.NDArray[np.int32]") -> object:
    """The cell without personal data, which is counted in `counts[row]`."""
    if isinstance(cell, list):
        return [(key, _clean(value, row, counts)) for key, value in cell]
    if not isinstance(cell, str):
        return cell
    result = redact(cell)
    counts[row] += sum(result.counts.values())
    return result.text
