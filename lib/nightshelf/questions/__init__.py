"""What is asked of a model about one row; one file a question."""

from nightshelf.questions.description import DESCRIPTION
from nightshelf.questions.embedding import EMBEDDING
from nightshelf.questions.sentiment import SENTIMENT

#: Those that an encoder answers in one pass.
QUESTIONS = {question.name: question for question in (SENTIMENT, EMBEDDING)}

__all__ = ["DESCRIPTION", "EMBEDDING", "QUESTIONS", "SENTIMENT"]
