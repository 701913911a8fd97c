# Writes a row for the first record of its topic.
import os, sqlite3
d = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:").removeprefix("//"), timeout=10)
d.execute("INSERT INTO t VALUES (?, 0, 0)", (os.environ["KAFKA_INPUT_TOPICS"],))
d.commit()
