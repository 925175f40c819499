"""Starts the BigQuery emulator on ports that are free, and prints them as one line of JSON once both answer.

Four things of it are changed:

- A row that comes by the Storage Write API loses the fields of its records, where the same row by insertAll keeps them: so
  both read the table's schema in the same way.
- Each append copies the whole table, so that queries can go back in time. Nobody here does, and a hundred thousand appends
  would fill any memory.
- Queries and appends share one connection to its database, from several threads. A query that comes while rows do then fails, or
  both wait for each other for ever: so each has the connection for itself.
- It loads an extension for geography, which it would have to download.
"""

import asyncio
import functools
import json
import os
import sys
import threading

from bqemulator.api.routes.tabledata import _build_arrow_schema, _fields_raw_from_schema
from bqemulator.config import Settings
from bqemulator.grpc_api import write_servicer
from bqemulator.server import EmulatorServer
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager

write_servicer._table_arrow_schema = lambda table: _build_arrow_schema(_fields_raw_from_schema(table.schema_.fields))
SnapshotManager.record_change = lambda self, project, dataset, table: None
DuckDBEngine._load_spatial = lambda self: None

connection = threading.RLock()


def alone(function):
    @functools.wraps(function)
    def with_connection(*args, **kwargs):
        with connection:
            return function(*args, **kwargs)

    return with_connection


DuckDBEngine.execute = alone(DuckDBEngine.execute)
DuckDBEngine.fetch_arrow = alone(DuckDBEngine.fetch_arrow)
write_servicer.BigQueryWriteHandler._flush_to_target = alone(write_servicer.BigQueryWriteHandler._flush_to_target)


async def main():
    server = EmulatorServer(Settings(
        rest_port=0, grpc_port=0, log_level="warning", enable_format_extensions=False,
        upload_staging_dir=os.path.join(sys.prefix, "uploads"),
    ))
    await server.start()
    print(json.dumps({"rest": f"http://127.0.0.1:{server.rest_port}", "grpc": f"127.0.0.1:{server.grpc_port}"}), flush=True)
    # Everything is in memory, so there is nothing to put in order at the end: a signal may end this at any moment.
    await asyncio.Event().wait()


asyncio.run(main())
