"""What is asked of a model about one row; one file a question."""

from nightshelf.questions.embedding import EMBEDDING
from nightshelf.questions.sentiment import SENTIMENT

QUESTIONS = {question.name: question for question in (SENTIMENT, EMBEDDING)}

__all__ = ["EMBEDDING", "QUESTIONS", "SENTIMENT"]
