"""What is published of a draft: judged on the draft and the product's own fields, and proved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nightshelf.answers.status import ABSTAINED as NOT_SAID
from nightshelf.answers.status import ANSWERED, STOP
from nightshelf.composer import COMPOSER_VERSION, compose
from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.contracts.product_fields import attribute_name
from nightshelf.grounding.evidence import Evidence, product_evidence
from nightshelf.grounding.gate import GATE_VERSION, judge
from nightshelf.grounding.ladder import ABSTAINED, Ladder, Outcome
from nightshelf.grounding.policy import POLICY_VERSION, Surroundings, violations
from nightshelf.grounding.policy_brands import Brands
from nightshelf.grounding.policy_text import plain, words_of
from nightshelf.grounding.screen import SCREEN_VERSION, screen_fields

#: Who judges; a published row that another one has judged is judged again, and nothing is asked.
JUDGE = f"{GATE_VERSION} {POLICY_VERSION} {COMPOSER_VERSION} {SCREEN_VERSION}"

#: Why a row that was answered shows no text.
REFUSED = "refused"


@dataclass(frozen=True)
class Judge:
    """`brands` are those that the shop says it knows; `name` is written beside what it judges."""

    brands: Brands
    name: str = JUDGE

    def shown(
        self, content: str, draft: str | None, status: str | None, finish: str | None = STOP
    ) -> dict[str, Any]:
        """
        Columns of the published row: `text`, what became of the draft, and the proof.

        `content` is what the writer has read, `status` how its answer ended, `finish` how the
        draft did: one that was cut short is none. Pure.
        """
        request = DescriptionRequest.read(content)
        case = _Case(request, Surroundings(brands=self.brands, instructions=INSTRUCTIONS))
        composed = compose(request.fields, request.rules).text
        ladder = Ladder(check=case.of_text, check_sentence=case.of_sentence)
        outcome = ladder.publish(draft if finish == STOP else None, composed, case.evidence)
        return {
            "text": outcome.text,
            "language": request.rules.language,
            "fate": outcome.fate,
            "why": outcome.reason or None,
            "proof": [one.as_dict() for one in outcome.findings],
            "warnings": [
                f"{name}: {pattern}"
                for name, patterns in screen_fields(request.fields).items()
                for pattern in patterns
            ],
            "judged_by": self.name,
            **_end(outcome, status),
        }


def _end(outcome: Outcome, status: str | None) -> dict[str, str]:
    """A draft that may not be shown, and nothing in its place: the row abstains."""
    if outcome.fate == ABSTAINED and status == ANSWERED:
        return {"status": NOT_SAID, "reason": REFUSED}
    return {}


@dataclass(frozen=True)
class _Case:
    request: DescriptionRequest
    around: Surroundings

    @cached_property
    def evidence(self) -> Evidence:
        """All that the writer has read, and nothing else."""
        fields = self.request.fields
        return product_evidence(
            title=fields.title,
            brand=fields.brand,
            category=fields.category,
            attributes=fields.attributes,
            description=self.request.shop_text,
        )

    def of_text(self, text: str) -> Sequence[str]:
        rules = self.request.rules
        found = violations(text, rules, self.request.fields, self.around)
        return [*found, *(["unmentioned"] if self._unmentioned(text) else [])]

    def of_sentence(self, text: str) -> Sequence[str]:
        """Of a part nothing is asked that only the whole can hold."""
        rules = replace(self.request.rules, min_length=0)
        return violations(text, rules, self.request.fields, self.around)

    def _unmentioned(self, text: str) -> bool:
        """Whether it leaves out an attribute that the shop wants in every text."""
        wanted = self.request.rules.must_mention
        if not wanted:
            return False
        findings = judge(text, self.evidence).findings
        cited = {attribute_name(f.evidence.field.partition(".")[2]) for f in findings if f.evidence}
        words = set(words_of(plain(text)))
        return not all(
            attribute_name(name) in cited or words.issuperset(words_of(plain(value)))
            for name, value in self.request.fields.attributes.items()
            if attribute_name(name) in {attribute_name(one) for one in wanted}
        )
