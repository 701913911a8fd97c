"""Keeps open windows in memory only. After a restart it goes on with empty ones."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import exactly_once  # noqa: E402
import windower  # noqa: E402


class Forgetful(windower.Windower):
    def restore(self, number, committed):
        return exactly_once.Task(number, self.topics, {}, self.fresh())


exactly_once.main(Forgetful)
