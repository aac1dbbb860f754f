"""Turn tokens into probabilities of labels: logits of each window, pooled."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from nightshelf.engine.model import Answers
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import UnanswerableRow
from nightshelf.models.bert import CLASSIFIER, is_ours
from nightshelf.models.bert_classifier import BertClassifier
from nightshelf.models.classifier_choice import SIGMOID, ClassifierChoice
from nightshelf.models.classifier_files import find_classifier, labelling
from nightshelf.models.device_errors import as_batch_errors, check_gpu, while_loading
from nightshelf.models.encoder import DTYPES, Network, load_weights
from nightshelf.models.encoder_files import EncoderFiles
from nightshelf.models.transfer import CPU, transfer_to
from nightshelf.models.transformer import TransformerClassifier
from nightshelf.models.windows import padded_windows


class Classifier:
    """Answers one question with a probability for each label."""

    def __init__(
        self, choice: ClassifierChoice, files: EncoderFiles, network: Network, device: torch.device
    ) -> None:
        said = labelling(choice)
        self.width = len(said.labels)
        self._choice = choice
        self._scores = said.scores
        self._network = network
        self._transfer = transfer_to(device)
        self._pad = int(files.config.get("pad_token_id") or 0)

    def answer(self, batch: Tokens) -> Answers:
        """
        Probabilities (texts, labels), in the labels' order, float32.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        texts has no finite answer.
        """
        return self.begin(batch)()

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        """The same in two parts, as `Encoder.begin` has it."""
        if not len(batch):
            return lambda: {self._choice.question: []}
        with torch.inference_mode(), as_batch_errors():
            ids, mask, owners = padded_windows(
                batch, self._choice.max_tokens, self._pad, self._transfer
            )
            logits = self._network(ids, mask).float()
            likely = logits.sigmoid() if self._scores == SIGMOID else logits.softmax(dim=1)
            pooled = self._transfer.back(self._pooled(likely, owners, len(batch)))
        return partial(self._answers, pooled)

    def _answers(self, pooled: Callable[[], Tensor]) -> Answers:
        with as_batch_errors():
            fetched = pooled()
        if not bool(fetched.isfinite().all()):
            raise UnanswerableRow
        return {self._choice.question: fetched.numpy()}

    def _pooled(self, likely: Tensor, owners: Tensor, rows: int) -> Tensor:
        """Of (windows, labels) the mean or the largest of each row's: (rows, labels)."""
        if len(likely) == rows:
            return likely
        places = owners[:, None].expand_as(likely)
        how = "mean" if self._choice.pooling == "mean" else "amax"
        empty = likely.new_zeros(rows, likely.shape[1])
        return empty.scatter_reduce(0, places, likely, how, include_self=False)


def open_classifier(choice: ClassifierChoice, device: str = "cpu") -> Classifier:
    """
    Raise `SettingsError` or `ModelError` for a classifier that cannot be loaded as chosen, and
    `HostLost` for a device that cannot take it.
    """
    files, place = find_classifier(choice), torch.device(device)
    if place != CPU:
        check_gpu()
    with while_loading(choice.model):
        network = _network(files, DTYPES[choice.precision], place)
    return Classifier(choice, files, network, place)


def _network(files: EncoderFiles, dtype: torch.dtype, device: torch.device) -> Network:
    if files.architecture == CLASSIFIER and is_ours(files.config):
        return BertClassifier(files.config, load_weights(files, device), dtype)
    return TransformerClassifier(files, dtype, device)
