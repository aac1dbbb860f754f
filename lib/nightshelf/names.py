"""Tables, columns and places, named once; imports nothing, so that Airflow reads it for free."""

# The shop's side: what it said, every accepted version.
REVIEW_VERSIONS = "lake.shop.review_versions"
PRODUCT_VERSIONS = "lake.shop.product_versions"
REJECTED = "lake.shop.rejected"
LANDINGS = "lake.shop.landings"

# What a model said; one table a question, named by it.
ANSWERS = "lake.answers"
MODEL_VERSIONS = "lake.answers.model_versions"
#: What a cap has left out of a run, key by key.
DEFERRED = "lake.answers.deferred"
SENTIMENT = "sentiment"
EMBEDDING = "embedding"
DESCRIPTION = "description"

# Runs whose answers do not count; nothing is deleted.
RETRACTIONS = "lake.answers.retractions"

#: What lies beside the answers and is no question.
BESIDE_ANSWERS = (MODEL_VERSIONS, DEFERRED, RETRACTIONS)

# What people read.
REVIEW_SENTIMENT = "lake.shelf.review_sentiment"
REVIEW_EMBEDDING = "lake.shelf.review_embedding"
PRODUCT_EMBEDDING = "lake.shelf.product_embedding"
PRODUCT_INSIGHT = "lake.shelf.product_insight"
PRODUCT_DESCRIPTION = "lake.shelf.product_description"
SHELF = (
    REVIEW_SENTIMENT,
    REVIEW_EMBEDDING,
    PRODUCT_EMBEDDING,
    PRODUCT_INSIGHT,
    PRODUCT_DESCRIPTION,
)
RELEASES = "lake.shelf.releases"

ID_FIELDS = {"reviews": "review_id", "catalog": "product_id"}
VERSIONS = {"reviews": REVIEW_VERSIONS, "catalog": PRODUCT_VERSIONS}

# Every place where a row's text can lie; erasure, redaction and the guards read this list.
PLACES_OF_TEXT = {
    "landing/reviews": ("title", "body", "customer_id"),
    "landing/catalog": ("title", "brand", "category", "attributes", "description"),
    REVIEW_VERSIONS: ("title", "body"),
    PRODUCT_VERSIONS: ("title", "brand", "category", "attributes", "description"),
    PRODUCT_INSIGHT: ("title", "brand", "category"),
    PRODUCT_DESCRIPTION: ("text",),
    f"{ANSWERS}.{DESCRIPTION}": ("text",),
}

# The DAG of a night, and that of published rows that are answered again.
NIGHTLY = "nightly"
REANSWER = "reanswer"

# The DAG that lets a held release pass.
APPROVE = "approve"

# The DAG that writes the report of each released date down.
REPORT = "report"

# The DAG that makes a model of a shop's own reviews.
TRAIN = "train"

# The DAG that keeps the lake small.
MAINTENANCE = "maintenance"

# The steps of a night, in order; each is one command: `nightshelf step NAME --date D`.
STEPS = ("ingest", "plan", "ask", "assemble", "release")

# The steps of a run that answers published rows again: `nightshelf step NAME --origin O`.
REANSWER_STEPS = ("choose", "ask", "assemble", "release")
