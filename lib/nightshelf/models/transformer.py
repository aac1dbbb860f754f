"""Every other architecture, through transformers; slower to import, the same answers."""

import torch
from torch import Tensor

from nightshelf.errors import ModelError
from nightshelf.models.encoder_files import EncoderFiles

#: On top of the hidden states, which are all we read: a checkpoint may come without it.
_UNREAD = "pooler."


class Transformer:
    """The hidden states of the last layer of any encoder that `AutoModel` knows."""

    def __init__(self, files: EncoderFiles, dtype: torch.dtype, device: torch.device) -> None:
        """Raise `ModelError` if it cannot be loaded or lacks weights; its own code is never run."""
        from transformers import AutoModel
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.module, loading = AutoModel.from_pretrained(
                files.folder,
                dtype=dtype,
                local_files_only=True,
                output_loading_info=True,
                trust_remote_code=False,
                use_safetensors=True,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise ModelError(
                f"{files.folder}: {files.architecture} does not load: {error}"
            ) from error
        # transformers would fill them with random numbers and go on.
        if missing := sorted(n for n in loading["missing_keys"] if not n.startswith(_UNREAD)):
            raise ModelError(f"{files.folder}: {files.architecture}'s weights lack {missing[0]}")
        self.module.eval().to(device)
        # DistilBERT's own name for it is `dim`, others have others; here all are one.
        self.width = int(self.module.config.hidden_size)

    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """`ids` (rows, tokens) and `mask`, true where a token is one: (rows, tokens, width)."""
        hidden: Tensor = self.module(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return hidden
