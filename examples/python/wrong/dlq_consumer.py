"""Commits what it has read before the dead letters are safe. When one is refused, its record is lost."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import dlq_consumer  # noqa: E402


class Hasty(dlq_consumer.Shipping):
    def settle(self):
        self.commit()
        super().settle()


dlq_consumer.main(Hasty)
