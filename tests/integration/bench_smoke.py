"""bench_smoke.py BIN_DIR - every question of karvan-bench asked small: it measures, prints JSON that
says so, loses nothing, and says no to what it does not understand.  No figure is judged."""
import json
import os
import subprocess
import sys

BIN = sys.argv[1]
QUESTIONS = [
    "core --rounds 3 --batches 2",
    "wire --events 2000",
    "e2e --events 5000",
    "e2e --events 3000 --no-curve --no-durable --producers 2 --receivers 2",
    "e2e --rate 4000 --seconds 0.5",
    "fanout --most 10 --seconds 0.05",
    "replay --events 5000",
    "slow --events 5000 --receivers 2",
    "storm --clients 8",
    "corridor --days 1 --seconds 0.5",
    "journey --events 20000 --lookups 100",
    "adapters --seconds 0.01",
]


def run(program, words):
    return subprocess.run(
        [os.path.join(BIN, program)] + words.split(), capture_output=True, text=True, timeout=120
    )


def ask(program, words):
    done = run(program, words + " --json")
    assert done.returncode == 0, f"{program} {words}: {done.returncode}\n{done.stdout}{done.stderr}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, f"{program} {words}: said nothing"
    for line in lines:
        assert line["failed"] is False, line
        assert line.get("lost", 0) == 0, line
    print(f"{program} {words}: {len(lines)} line(s)")


for question in QUESTIONS:
    ask("karvan-bench", question)
if os.path.exists(os.path.join(BIN, "karvan-bench-peers")):
    ask("karvan-bench-peers", "--events 1000 --only zmq_proxy")
else:
    print("karvan-bench-peers: not built, no client library of another broker is here")

# Plain text says the same under the same keys.
text = run("karvan-bench", "core --rounds 2 --batches 1")
assert text.returncode == 0 and "express_ns=" in text.stdout, text

for wrong in ("nonsense", "e2e --events", "e2e --events many", "e2e --batch 0", "core surplus"):
    done = run("karvan-bench", wrong)
    assert done.returncode == 2 and done.stderr, (wrong, done)
print("bench_smoke: good")
