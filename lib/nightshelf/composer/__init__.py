"""Plain, correct sentences from a product's fields, in English and Chinese, without a model."""

from nightshelf.composer.compose import COMPOSER_VERSION, Composition, compose
from nightshelf.composer.sentences import Sentence

__all__ = ["COMPOSER_VERSION", "Composition", "Sentence", "compose"]
