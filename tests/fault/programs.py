"""programs.py - karvan publish and karvan subscribe as adapters, on both ends of a line that is broken."""
from gate import *


def program(g, address, operator, *words, **streams):
    return subprocess.Popen([os.path.join(BIN, "karvan"), *words, "--endpoint", address, "--server-key",
                             g.keys["gateway"]["public"], "--keys", os.path.join(g.dir, operator + ".keys")],
                            env=g.env, text=True, **streams)


def ids(path):
    return [json.loads(l)["id"] for l in whole_lines(path)]


class Pair:
    """rail publishes, silk subscribes; sent: the ids in their order."""

    def __init__(self, g, address):
        self.g, self.sent, self.path = g, [], os.path.join(g.dir, "got.ndjson")
        self.sink = program(g, address, "silk", "subscribe", "view", "--start", "earliest",
                            stdout=open(self.path, "w"), stderr=subprocess.DEVNULL)
        self.source = program(g, address, "rail", "publish", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)

    def send(self, count):
        for e in events(count, "net"):
            self.source.stdin.write(json.dumps(e) + "\n")
            self.sent.append(e["id"])
        self.source.stdin.flush()

    def all_arrive(self, what):
        until(lambda: len(set(ids(self.path))) >= len(self.sent), what, 120)

    def finish(self):
        """Everything acknowledged, in order with the receiver, each once in the journal; stops the gateway.  How
        many were delivered again."""
        self.source.stdin.close()
        same(self.source.wait(PATIENCE), 0, "karvan publish: everything acknowledged")
        arrived = ids(self.path)
        same(list(dict.fromkeys(arrived)), self.sent, "in order")
        self.sink.terminate()
        self.sink.wait(PATIENCE)
        self.g.stop()
        out = self.g.cli("journal", "export", "--data", self.g.data, status=0)[1]
        same([json.loads(l)["id"] for l in out.splitlines()], self.sent, "each once in the journal")
        self.g.verify()
        self.g.start()
        return len(arrived) - len(set(arrived))
