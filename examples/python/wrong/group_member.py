"""Gives partitions up without committing what it has done. The new owner does it again."""

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import group_member  # noqa: E402


class Forgetful(group_member.Member):
    async def on_partitions_revoked(self, revoked):
        async with self.working:
            self.owns.clear()
            self.handovers += 1
            self.done = {}


asyncio.run(group_member.main(Forgetful))
