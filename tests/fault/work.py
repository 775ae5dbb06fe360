"""work.py - honest work beside an attack: one company sends, another receives, and how long it takes is kept."""
import threading
from gate import *


class Work(threading.Thread):
    """rail publishes, silk receives.  took: how long each acknowledgement took; reached: until the last event of
    the batch was with the receiver.  pause: between batches, seconds."""

    def __init__(self, g, pause=0.002, size=20):
        super().__init__(daemon=True)
        self.g, self.pause, self.size, self.over = g, pause, size, False
        self.took, self.reached, self.sent, self.got = [], [], [], []

    def run(self):
        s = self.g.peer("silk", "work").hello()
        s.subscribe("work", "latest")
        p = self.g.peer("rail", "work").hello()
        while not self.over:
            batch = events(self.size, "work")
            began = time.monotonic()
            same(p.publish(batch)["accepted"], self.size, "a bystander's batch")
            self.took.append(time.monotonic() - began)
            self.sent += [e["id"] for e in batch]
            self.got += [e["id"] for e in s.events(self.size, "work")]
            self.reached.append(time.monotonic() - began)
            time.sleep(self.pause)
        p.close()
        s.close()

    def finish(self):
        self.over = True
        self.join(PATIENCE)
        check(not self.is_alive(), "the others finish")

    def p99(self, since, until=None):
        return p99(self.took[since:until])


def p99(seconds):
    """In milliseconds."""
    took = sorted(seconds)
    return took[int(len(took) * 0.99)] * 1000 if took else 0


def rss(g):
    """MiB of its own: the journal's pages belong to the kernel."""
    with open(f"/proc/{g.process.pid}/status") as f:
        return int(re.search(r"RssAnon:\s+(\d+)", f.read()).group(1)) // 1024
