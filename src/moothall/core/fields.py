"""The field types that definitions share, and the model they are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

from moothall.core.periods import parse_key

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ModelKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]
FunctionKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
Sentence = Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
Title = Annotated[str, StringConstraints(min_length=3, max_length=120, strip_whitespace=True)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^E\d{8}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _require_periods(keys: tuple[str, ...]) -> tuple[str, ...]:
    for key in keys:
        parse_key(key)
    return keys


PeriodKeys = Annotated[tuple[str, ...], AfterValidator(_require_periods)]


class Definition(BaseModel):
    """A model that takes no field it does not know and does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    @field_validator("*")
    @classmethod
    def _is_written(cls, value: object) -> object:
        """A draft says TO WRITE where a person must write; it is not a definition until somebody has."""
        if isinstance(value, str) and value.startswith("TO WRITE"):
            raise ValueError("this is still to be written")
        return value
