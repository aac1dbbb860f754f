"""Is tonight like the release before, and does the shelf hold what the shop says?"""

from nightshelf.quality.expectations import Expectation

#: Fewer rows than this say nothing about a share.
ENOUGH_ROWS = 100

#: `drift`: the largest change of a label's share, of tonight's rows against the last release.
LABEL_SHARES = f"""SELECT abs(coalesce(a.rows, 0) / after - coalesce(b.rows, 0) / before) AS drift
    FROM VALUES ('negative'), ('neutral'), ('positive') AS labels(label)
    LEFT JOIN (SELECT label, count(*) AS rows FROM {{before}} GROUP BY label) b USING (label)
    LEFT JOIN (SELECT label, count(*) AS rows FROM {{after}}
        WHERE landing_date IN ({{days}}) GROUP BY label) a USING (label)
    CROSS JOIN (SELECT count(label) AS before FROM {{before}})
    CROSS JOIN (SELECT count(label) AS after FROM {{after}} WHERE landing_date IN ({{days}}))
    WHERE before >= {ENOUGH_ROWS} AND after >= {ENOUGH_ROWS}"""

#: `drift`: the share of products of the last release that are gone.
VANISHED = f"""SELECT CASE WHEN b.rows < {ENOUGH_ROWS} THEN 0
        ELSE greatest(b.rows - a.rows, 0) / b.rows END AS drift
    FROM (SELECT count(*) AS rows FROM {{before}}) b
    CROSS JOIN (SELECT count(*) AS rows FROM {{after}}) a"""

#: The keys of shop and shelf, both ways; measured by `sql.coverage`.
COVERAGE = (
    Expectation("current_rows_missing", "", at_most=0),
    Expectation("rows_no_longer_current", "", at_most=0),
)
