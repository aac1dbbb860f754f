"""The shape of data that enters, as Arrow schemas."""

from nightshelf.contracts.catalog import CATALOG
from nightshelf.contracts.contract import DELETE, MALFORMED, UPSERT, Contract
from nightshelf.contracts.reviews import REVIEWS

CONTRACTS = {contract.dataset: contract for contract in (REVIEWS, CATALOG)}

__all__ = ["CATALOG", "CONTRACTS", "DELETE", "MALFORMED", "REVIEWS", "UPSERT", "Contract"]
