"""Codes for a line that landed as a row without cells, because it could not be read."""

NOT_CSV = "not_csv"
WRONG_CELL_COUNT = "wrong_cell_count"
INVALID_JSON = "invalid_json"
NOT_AN_OBJECT = "not_an_object"
LINE_TOO_LONG = "line_too_long"
INVALID_UTF8 = "invalid_utf8"
INVALID_TEXT = "invalid_text"

UNPARSABLE = (NOT_CSV, WRONG_CELL_COUNT, INVALID_JSON, NOT_AN_OBJECT, LINE_TOO_LONG)
UNDECODABLE = (INVALID_UTF8, INVALID_TEXT)

#: Followed by a field: a list or an object stood where one value belongs.
WRONG_TYPE = "wrong_type_"
