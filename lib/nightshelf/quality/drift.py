"""Is tonight like the release before, and does the shelf hold what the shop says?"""

from nightshelf.quality.expectations import Expectation

#: Fewer rows than this say nothing about a share.
ENOUGH_ROWS = 100

#: `drift`: the largest change of a label's share, of tonight's rows against the last release.
LABEL_SHARES = f"""SELECT abs(coalesce(a.rows, 0) / after - coalesce(b.rows, 0) / before) AS drift
    FROM (SELECT label FROM {{before}} UNION SELECT label FROM {{after}}) labels
    LEFT JOIN (SELECT label, count(*) AS rows FROM {{before}} GROUP BY label) b USING (label)
    LEFT JOIN (SELECT label, count(*) AS rows FROM {{after}}
        WHERE landing_date IN ({{days}}) GROUP BY label) a USING (label)
    CROSS JOIN (SELECT count(label) AS before FROM {{before}})
    CROSS JOIN (SELECT count(label) AS after FROM {{after}} WHERE landing_date IN ({{days}}))
    WHERE before >= {ENOUGH_ROWS} AND after >= {ENOUGH_ROWS}"""

#: The same for rows that were answered again: each of them before and after, by its text.
CHOSEN_SHARES = f"""SELECT abs(coalesce(a.rows, 0) / total - coalesce(b.rows, 0) / total) AS drift
    FROM (SELECT label FROM {{before}} UNION SELECT label FROM {{after}}) labels
    LEFT JOIN (SELECT b.label, count(*) AS rows FROM {{before}} b
        LEFT SEMI JOIN writing_{{lane}} w ON w.{{id_field}} = b.{{id_field}}
        GROUP BY b.label) b USING (label)
    LEFT JOIN (SELECT a.label, count(*) AS rows FROM {{after}} a
        LEFT SEMI JOIN writing_{{lane}} w ON w.{{id_field}} = a.{{id_field}}
        GROUP BY a.label) a USING (label)
    CROSS JOIN (SELECT count(*) AS total FROM writing_{{lane}}) t
    WHERE total >= {ENOUGH_ROWS}"""

#: `drift`: the share of products of the last release that are gone.
VANISHED = f"""SELECT CASE WHEN b.rows < {ENOUGH_ROWS} THEN 0
        ELSE greatest(b.rows - a.rows, 0) / b.rows END AS drift
    FROM (SELECT count(*) AS rows FROM {{before}}) b
    CROSS JOIN (SELECT count(*) AS rows FROM {{after}}) a"""

#: `drift`: by what share texts have longer or shorter sentences than in the last release.
SENTENCES = f"""SELECT CASE WHEN least(b.texts, a.texts) < {ENOUGH_ROWS} THEN 0
        ELSE abs(a.length / b.length - 1) END AS drift
    FROM (SELECT count(text) AS texts, {{length}} AS length FROM {{before}}) b
    CROSS JOIN (SELECT count(text) AS texts, {{length}} AS length FROM {{after}}) a"""
#: In characters, of English and Chinese sentences.
SENTENCE_LENGTH = "sum(length(text)) / sum(size(split(text, '[.!?。]')) - 1)"

#: The keys of shop and shelf, both ways; measured by `outcomes.coverage`. And what became of
#: them: current = answered + failed + abstained + deferred.
COVERAGE = (
    Expectation("current_rows_missing", "", at_most=0),
    Expectation("rows_no_longer_current", "", at_most=0),
    Expectation("rows_unaccounted_for", "", at_least=0, at_most=0),
    Expectation("deferred_but_not_planned", "", at_most=0),
)
