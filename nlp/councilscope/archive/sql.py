"""SQL over a store, through DuckDB: the seven tables as views, nothing else within reach. Its only importer.

The connection sees the part files of this store and no other file, can neither write nor load extensions, and its
settings are locked. Only SELECT is run (also as WITH, FROM, DESCRIBE, SHOW, SUMMARIZE).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from councilscope.archive.parts import DATA
from councilscope.archive.place import Bucket
from councilscope.frames import COLUMNS

if TYPE_CHECKING:
    from councilscope.archive.store import Archive

_EMPTY = {
    "text": "VARCHAR",
    "word": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "texts": "VARCHAR[]",
    "ints": "BIGINT[]",
    "owners": 'STRUCT("name" VARCHAR, "role" VARCHAR)[]',
    "regions": 'STRUCT("page" INTEGER, "bbox" DOUBLE[])[]',
}


T = TypeVar("T")


def ask(archive: Archive, query: str, take: Callable[[Any], T]) -> T:
    """What DuckDB answers to one SELECT; `take` is given its relation (`.df()`, `.fetchall()`, `.columns`, …).

    ValueError, in DuckDB's words and with the tables there are, where the query is wrong or no SELECT.
    """
    import duckdb

    link = duckdb.connect()
    try:
        statements = link.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError("only one SELECT at a time is run, and nothing that changes an archive")
        files = _tables(archive, link)
        link.execute("SET python_enable_replacements=false; SET autoinstall_known_extensions=false")
        link.execute(f"SET allowed_paths=[{', '.join(map(_quoted, files))}]")
        link.execute("SET enable_external_access=false; SET lock_configuration=true")
        return take(link.sql(query))
    except duckdb.Error as error:
        raise ValueError(_said(error)) from None
    finally:
        link.close()


def _tables(archive: Archive, link: Any) -> list[str]:
    """Make the tables; gives the files that they are views of."""
    if isinstance(archive.place, Bucket):
        link.register_filesystem(archive.place.system)
    link.register("given", archive.parts.documents())
    link.execute("CREATE SCHEMA parts; CREATE TABLE parts.live AS SELECT doc_id, batch FROM given")
    link.execute(f"CREATE TABLE documents AS SELECT {_listed('documents')} FROM given")
    link.unregister("given")
    live, held = archive.parts.live(), archive.parts.held()
    whole = all(len(ids) == held[part]["rows"].get("documents") for part, ids in live.items())
    files: list[str] = []
    for table in DATA:
        urls = [archive.place.url(table, p) for p in live if held[p]["rows"].get(table)]
        files += urls
        if not urls:
            columns = ", ".join(f'"{column}" {_EMPTY[kind]}' for column, kind in COLUMNS[table].items())
            link.execute(f"CREATE TABLE {table} ({columns})")
            continue
        source = (
            f"read_parquet([{', '.join(map(_quoted, urls))}], filename='_file', union_by_name=true) AS rows"
        )
        if not whole:  # some rows count no more: those of documents that were read again, or removed
            source += " SEMI JOIN parts.live ON rows.doc_id = live.doc_id AND parse_filename(rows._file) = live.batch"
        link.execute(f"CREATE VIEW {table} AS SELECT {_listed(table)} FROM {source}")
    return files


def _listed(table: str) -> str:
    return ", ".join(f'"{column}"' for column in COLUMNS[table])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _said(error: BaseException) -> str:
    """DuckDB's message, with the tables there are where one is not there, and in place of what is not allowed."""
    text = str(error).strip()
    if "disabled by configuration" in text or "Cannot access" in text:
        return f"{text.splitlines()[0]}; only the tables of the archive can be read: {', '.join(COLUMNS)}"
    if "does not exist" in text and "Table" in text:
        return f"{text}\nThe tables are {', '.join(COLUMNS)}."
    return text
