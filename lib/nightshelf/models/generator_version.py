"""Which model version a writer of descriptions is, from files alone."""

from nightshelf.answers.version import ModelVersion
from nightshelf.composer import COMPOSER_VERSION
from nightshelf.models.choice import FAKE
from nightshelf.models.encoder_files import sha256
from nightshelf.models.generator_choice import COMPOSER, VLLM, GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.model_card import licence_of, name_and_revision
from nightshelf.models.prompt import frame_of
from nightshelf.models.tidy import TIDY_VERSION

#: Raise it when our own decoding changes what a model writes: all is then asked again.
NUMERICS = "1"
#: The same for what we ask of vLLM, and make of what it says.
VLLM_NUMERICS = "1"


def generator_version(choice: GeneratorChoice) -> ModelVersion:
    """
    Raise `SettingsError` where there is no such model.

    The composer is nothing but code, so that it needs no licence of its own.
    """
    if choice.has_weights:
        return _of_weights(choice)
    name = FAKE if choice.is_fake else COMPOSER
    return ModelVersion(
        question=choice.question,
        name=name,
        revision=COMPOSER_VERSION,
        licence="none",
        identity={"generator": name, "composer": COMPOSER_VERSION},
    )


def _of_weights(choice: GeneratorChoice) -> ModelVersion:
    found = find_generator(choice)
    files, frame = found.files, frame_of(found)
    drawn = {"temperature": choice.temperature, "seed": choice.seed} if choice.temperature else {}
    computed: dict[str, str] = {"numerics": NUMERICS}
    if choice.engine == VLLM:
        computed = {"engine": f"{VLLM} {choice.engine_version}", "numerics": VLLM_NUMERICS}
    name, revision = name_and_revision(choice.generator, files.weights_sha256())
    return ModelVersion(
        question=choice.question,
        name=name,
        revision=revision,
        licence=licence_of(files),
        identity={
            "weights_sha256": files.weights_sha256(),
            "config_sha256": sha256(files.folder / "config.json"),
            "tokenizer_sha256": sha256(files.tokenizer),
            "architecture": files.architecture,
            # As it is rendered: instructions, chat template and special tokens are all in it.
            "prompt": f"{frame.head}{{text}}{frame.tail}",
            "is_chat": int(frame.is_chat),
            "start": found.start if found.is_seq2seq else -1,
            "ends": ",".join(map(str, found.ends)),
            "decoding": "sampled" if choice.temperature else "greedy",
            **drawn,
            "max_tokens": choice.max_tokens,
            "precision": choice.precision,
            "tidy": TIDY_VERSION,
            **computed,
        },
    )
