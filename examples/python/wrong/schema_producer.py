"""Takes the registry's refusal for a warning. It ends well, and events are missing."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import registry  # noqa: E402
import schema_producer  # noqa: E402


class Careless(schema_producer.Publisher):
    def run(self):
        try:
            super().run()
        except registry.Refused as refused:
            print(f"warning: {refused}", flush=True)


schema_producer.main(Careless)
