"""network.py BIN [SCALE [SEED]] - a line between adapters and gateway that is slow, stalled, cut between messages
and within one, or silently dead, by a proxy of the test's own.

karvan publish and karvan subscribe are the adapters.  Whatever the line does, everything arrives once it
is whole again, in order, and nothing twice in the journal; a receiver with a backlog catches up from the
journal and is back on the live tail."""
import os, random, selectors, sys, threading
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from gate import *
from programs import *

SCALE = int(sys.argv[2]) if len(sys.argv) > 2 else 1
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 3
random.seed(SEED)


class Line(threading.Thread):
    """Accepts on a port of its own and carries bytes both ways; delay_ms each way, cut(), dead, and tear: of
    the next piece only the beginning gets through, then the connection is gone."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to, self.delay_ms, self.dead, self.tear = port, 0, False, False
        self.pairs, self.lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.to), 5)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append((near, far))
            for a, b in ((near, far), (far, near)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, a, b):
        pipe, ready, over = [], threading.Condition(), []

        def deliver():
            while True:
                with ready:
                    while not pipe and not over:
                        ready.wait()
                    if not pipe:
                        break
                    due, data = pipe.pop(0)
                time.sleep(max(0, due - time.monotonic()))
                while self.dead:  # half open: nothing moves, nobody is told
                    time.sleep(0.05)
                torn, self.tear = self.tear and len(data) > 1, self.tear and len(data) <= 1
                try:
                    b.sendall(data[:random.randrange(1, len(data))] if torn else data)
                except OSError:
                    break
                if torn:
                    break
            for s in (a, b):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

        threading.Thread(target=deliver, daemon=True).start()
        while True:
            try:
                data = a.recv(1 << 16)
            except OSError:
                data = b""
            with ready:
                (pipe.append((time.monotonic() + self.delay_ms / 1000, data)) if data else over.append(1))
                ready.notify()
            if not data:
                return

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for a, b in pairs:
            for s in (a, b):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        return len(pairs)


with Gate({"rail": ["silk"], "silk": []}, "session: {timeout_ms: 3000}\n") as g:
    line = Line(g.port)
    line.start()
    pair = Pair(g, line.address)
    cuts, tears, stalls = 0, 0, 0

    pair.send(500)
    pair.all_arrive("a whole line carries everything")
    line.delay_ms = 250  # half a second for a round trip
    pair.send(500)
    pair.all_arrive("a slow line carries everything")
    line.delay_ms = 5
    for _ in range(6 * SCALE):  # cut at any moment
        pair.send(300)
        time.sleep(random.random() * 0.3)
        cuts += line.cut()
    pair.all_arrive("everything arrives in spite of the cuts")
    for _ in range(6 * SCALE):  # cut within a message
        pair.send(300)
        line.tear = True
        until(lambda: not line.tear, "something goes over the line, and is torn")
        tears += 1
    for _ in range(2 * SCALE):  # stalls for less than a session lives
        line.dead = True
        pair.send(300)
        time.sleep(1 + random.random())
        line.dead = False
        stalls += 1
    pair.all_arrive("everything arrives in spite of torn messages and stalls")
    for _ in range(2 * SCALE):  # dead without a word, for longer than a session lives
        line.dead = True
        pair.send(300)
        time.sleep(4)
        cuts += line.cut()
        line.dead = False
    pair.all_arrive("everything arrives after the line was dead")
    again = pair.finish()
print(f"network: seed={SEED} scale={SCALE} events={len(pair.sent)} cut_connections={cuts} torn={tears} stalls={stalls} "
      f"delivered_again={again} lost=0 duplicated=0: passed")
