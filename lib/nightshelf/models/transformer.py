"""Every other architecture, through transformers; slower to import, the same answers."""

from typing import Any

import torch
from torch import Tensor

from nightshelf.errors import ModelError
from nightshelf.models.encoder_files import EncoderFiles

#: On top of the hidden states, which are all we read: a checkpoint may come without it.
_UNREAD = ("pooler.",)


class Transformer:
    """The hidden states of the last layer of any encoder that `AutoModel` knows."""

    def __init__(self, files: EncoderFiles, dtype: torch.dtype, device: torch.device) -> None:
        """Raise `ModelError` if it cannot be loaded or lacks weights; its own code is never run."""
        self.module = load_module(files, "AutoModel", dtype, device)
        # DistilBERT's own name for it is `dim`, others have others; here all are one.
        self.width = int(self.module.config.hidden_size)

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """`ids` and `mask` as `windows.Windows` has them: (rows, tokens, width)."""
        hidden: Tensor = self.module(
            input_ids=ids, attention_mask=_as_ones(ids, mask)
        ).last_hidden_state
        return hidden


class TransformerClassifier:
    """The logits of any classifier that `AutoModelForSequenceClassification` knows."""

    def __init__(self, files: EncoderFiles, dtype: torch.dtype, device: torch.device) -> None:
        """Raise `ModelError` if it cannot be loaded or lacks weights; its own code is never run."""
        self._module = load_module(files, "AutoModelForSequenceClassification", dtype, device)
        self.width = int(self._module.config.num_labels)

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """`ids` and `mask` as `windows.Windows` has them: (rows, labels)."""
        logits: Tensor = self._module(input_ids=ids, attention_mask=_as_ones(ids, mask)).logits
        return logits


def _as_ones(ids: Tensor, mask: Tensor | None) -> Tensor:
    # Some architectures take padding from the ids where they are given no mask.
    return torch.ones_like(ids) if mask is None else mask.long()


def load_module(files: EncoderFiles, kind: str, dtype: torch.dtype, device: torch.device) -> Any:  # noqa: ANN401  a class that transformers chooses
    """
    Weights of a folder in one of transformers' classes of the kind `AutoModel…`.

    Raise `ModelError` if it cannot be loaded or lacks weights; its own code is never run.
    """
    import transformers
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        module, loading = getattr(transformers, kind).from_pretrained(
            files.folder,
            dtype=dtype,
            local_files_only=True,
            output_loading_info=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelError(f"{files.folder}: {files.architecture} does not load: {error}") from error
    unread = _UNREAD if kind == "AutoModel" else ()
    # transformers would fill them with random numbers and go on.
    if missing := sorted(n for n in loading["missing_keys"] if not n.startswith(unread)):
        raise ModelError(f"{files.folder}: {files.architecture}'s weights lack {missing[0]}")
    return module.eval().to(device)
