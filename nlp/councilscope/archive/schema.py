"""The contract's tables as Arrow schemas, with the schema version in each file's metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from councilscope.errors import ConfigError
from councilscope.frames import COLUMNS
from councilscope.records import SCHEMA_VERSION

STORE_VERSION = 2  # of the folder's layout: part files, the `batch` column, the metadata
STORES_READ = (1, 2)  # 1 has no hashes and no base; it is read as it is, and `compact` writes it anew
KEY = b"councilscope"

_REGION = pa.struct([("page", pa.int32()), ("bbox", pa.list_(pa.float64()))])
_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "word": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "texts": pa.list_(pa.string()),
    "ints": pa.list_(pa.int64()),
    "owners": pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())])),
    "regions": pa.list_(_REGION),
    "warnings": pa.list_(pa.struct([("code", pa.string()), ("page", pa.int64()), ("message", pa.string())])),
    "counts": pa.list_(
        pa.struct(
            [("page", pa.int64())]
            + [(c, pa.string()) for c in ("heading", "scope", "period", "kind", "text")]
            + [(c, pa.int64()) for c in ("red", "amber", "green", "blue", "grey")]
        )
    ),
    "models": pa.list_(
        pa.struct(
            [("role", pa.string()), ("name", pa.string()), ("version", pa.string()), ("hash", pa.string())]
        )
    ),
}
SCHEMAS = {table: pa.schema([(c, _TYPES[k]) for c, k in kinds.items()]) for table, kinds in COLUMNS.items()}
DOCUMENTS = SCHEMAS["documents"].append(pa.field("batch", pa.string()))
"""`documents` as stored: `batch` is the part that holds the document's rows; null withdraws the document."""


def to_arrow(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as `frames.to_rows` makes them, as an Arrow table of that name."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[table])


def stamp(data: pa.Table, **facts: Any) -> pa.Table:
    """The table with schema and store version, and `facts`, in its metadata."""
    note = {"schema_version": SCHEMA_VERSION, "store_version": STORE_VERSION, **facts}
    return data.replace_schema_metadata({KEY: json.dumps(note, sort_keys=True).encode()})


def check(metadata: Mapping[bytes, bytes] | None, path: str) -> dict[str, Any]:
    """The note that `stamp` left. ConfigError where there is none, or it is of another version."""
    try:
        note = json.loads((metadata or {})[KEY])
        found = (str(note["schema_version"]), int(note["store_version"]))
    except (KeyError, ValueError, TypeError):
        raise ConfigError(
            f"{path}: this Parquet file was not written by councilscope; move it out of the store"
        ) from None
    if found[0] != SCHEMA_VERSION or found[1] not in STORES_READ:
        known = f"schema {SCHEMA_VERSION}, store {STORE_VERSION}"
        newer = (_number(found[0]), found[1]) > (_number(SCHEMA_VERSION), STORE_VERSION)
        what = "update councilscope" if newer else "use the councilscope that wrote it"
        raise ConfigError(
            f"{path}: the store is of schema {found[0]}, store {found[1]}, and this councilscope reads {known}; "
            f"{what}, or annotate the reports again into a new folder"
        )
    return dict(note)


def _number(version: str) -> int:
    return int(version) if version.isdecimal() else 0


def conform(data: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the schema's columns: what an older version did not have is null, what a newer one
    added is left out."""
    columns = [
        data[field.name].cast(field.type)
        if field.name in data.column_names
        else pa.nulls(len(data), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def only(data: pa.Table, doc_ids: Sequence[str]) -> pa.Table:
    """The rows of these documents."""
    return data.filter(pc.is_in(data["doc_id"], value_set=pa.array(doc_ids, pa.string())))
