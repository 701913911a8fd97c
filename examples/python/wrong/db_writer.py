"""Says that the database is away, and goes on. What it should have written is committed, and never read again."""

import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import db_writer  # noqa: E402


class Careless(db_writer.Writer):
    def transact(self, work):
        try:
            with self.database:
                return work()
        except sqlite3.OperationalError as error:
            print(f"msg=retrying error={error}", flush=True)


db_writer.main(Careless)
