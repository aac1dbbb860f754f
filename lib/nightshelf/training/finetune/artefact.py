"""A trained model as a folder: written beside its place and renamed when it is whole."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightshelf.errors import SettingsError
from nightshelf.models.encoder_files import EncoderFiles, find_encoder
from nightshelf.training.finetune.disk import in_words

#: Of a tokenizer; what there is of them is taken along.
_TOKENIZER = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"),
    *("vocab.json", "merges.txt", "added_tokens.json"),
)


def must_be_free(out: Path) -> None:
    """Raise `SettingsError` where something lies: a model that a night may use never changes."""
    if out.exists() or out.is_symlink():
        raise SettingsError(
            f"--out {out} exists already, and a model that was made is never written over; name"
            " another folder, or remove it first if nothing uses it"
        )


@contextmanager
def published(out: Path) -> Iterator[Path]:
    """
    A folder to write to, which becomes `out` if all went well, else is gone.

    Raise `JobError` where the disk is full, `SettingsError` where `out` has come to be meanwhile.
    """
    beside = out.with_name(f".{out.name}.being-written-{os.getpid()}")
    with in_words(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        try:
            yield beside
            _to_disk(beside)
            must_be_free(out)
            beside.rename(out)
            _sync(out.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def take_tokenizer(files: EncoderFiles, to: Path) -> None:
    for name in _TOKENIZER:
        if (files.folder / name).is_file():
            shutil.copyfile(files.folder / name, to / name)


def weights_of(folder: Path) -> dict[str, str]:
    """What the record of the training keeps, so that a change is noticed."""
    return {"weights_sha256": find_encoder(f"folder:{folder}").weights_sha256()}


def _to_disk(folder: Path) -> None:
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
