"""Decides a payment at once. A user of its time that comes a moment later is not seen."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import exactly_once  # noqa: E402
import joiner  # noqa: E402


class Impatient(joiner.Joiner):
    def over(self, at, now):
        return True


exactly_once.main(Impatient)
