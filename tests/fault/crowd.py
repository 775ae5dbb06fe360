"""crowd.py BIN [STRANGERS [ADMITTED]] - ten thousand connections, and work beside them.

First strangers: connections that say nothing and connections that stop in the middle of ZMTP's greeting, all at
once, again and again as they are cut.  Then connections of an admitted operator that never says HELLO, until
they are cut.  Beside them a company sends and another receives, and new sessions begin.  Nothing of theirs is
lost, memory and descriptors are as before when the crowd has gone, and the process never has more descriptors
than it said."""
import os, resource, select, sys, threading
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from gate import *
from work import Work, rss

STRANGERS = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
ADMITTED = int(sys.argv[3]) if len(sys.argv) > 3 else 100
ROUNDS = 3 if STRANGERS > 5000 else 1
GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\x01CURVE" + b"\0" * 15 + b"\0" + b"\0" * 31
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
if STRANGERS + ADMITTED * 5 + 300 > hard:
    print(f"crowd: only {hard} descriptors here", flush=True)
    STRANGERS = hard - ADMITTED * 5 - 300
context.max_sockets = 60000


def descriptors(g):
    return len(os.listdir(f"/proc/{g.process.pid}/fd"))


def come(g, held):
    """So many strangers that STRANGERS are there, each second one with half a greeting."""
    for n in range(STRANGERS - len(held)):
        c = socket.socket()
        c.settimeout(20)
        try:
            c.connect(("127.0.0.1", g.port))
            c.setblocking(False)
            if n % 2:
                c.send(GREETING[:10 + n % 50])
        except OSError:
            c.close()
            return
        held.append(c)


def weed(held):
    """Let go of those that were cut."""
    poll, cut = select.poll(), set()
    for c in held:
        poll.register(c, select.POLLIN | select.POLLRDHUP)
    for fd, what in poll.poll(0):
        if what & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
            cut.add(fd)
    for c in held:
        if c.fileno() in cut:
            c.close()
    held[:] = [c for c in held if c.fileno() >= 0]
    return len(cut)


def strangers(g, work):
    """Rounds of them; the most there were at once, how many were cut, how long a new session took."""
    held, most, cut, fresh, mib = [], 0, 0, [], 0
    for _ in range(ROUNDS):
        come(g, held)
        most = max(most, descriptors(g))
        mib = max(mib, rss(g))
        began = time.monotonic()
        p = g.peer("silk", "fresh").hello()
        fresh.append(time.monotonic() - began)
        p.close()
        before = cut
        while cut == before or len(held) > STRANGERS // 2:
            time.sleep(0.2)
            cut += weed(held)
    for c in held:
        c.close()
    return most, cut, max(fresh), mib


def admitted(g, own):
    """Keys that are good, and not a word; the most descriptors, the memory.  They do not leave, nor come back."""
    crowd = [g.peer("evil", f"mute-{n}", once=True) for n in range(ADMITTED)]
    until(lambda: g.status()["admitted"] >= ADMITTED, "the keys of all are judged")
    most, mib = descriptors(g), rss(g)
    p = g.peer("silk", "fresh").hello()
    p.send("PING", nonce=1).expect("PONG", nonce=1)
    p.close()
    until(lambda: descriptors(g) <= own + 2, "those that said nothing are cut")
    until(lambda: all(c.over() for c in crowd), "each of them knows")
    check("connection.idle" in g.log(), "and it is said")
    for c in crowd:
        c.close()
    return most, mib


with Gate({"rail": ["silk"], "silk": [], "evil": ["*"]},
          f"session: {{timeout_ms: 20000}}\nio: {{max_connections: {STRANGERS + ADMITTED + 100}}}\n") as g:
    limit = int(re.search(r"daemon.descriptors limit=(\d+)", g.log()).group(1))
    work = Work(g)
    work.start()
    until(lambda: len(work.took) > 200, "some quiet work first")
    quiet, since, own, base = work.p99(0), len(work.took), descriptors(g), rss(g)
    most, cut, fresh, mib = strangers(g, work)
    until(lambda: descriptors(g) <= own + 2, "all strangers gone")
    check(cut > 0, "the handshake has its time")
    check(g.alive(), "karvand died")
    loud, after = work.p99(since), rss(g)
    print(f"crowd: strangers={STRANGERS} at_once={most - own} cut={cut} fresh_session_ms={fresh * 1000:.0f} "
          f"p99_ms={loud:.1f} quiet_p99_ms={quiet:.1f} resident_mib={base}, {mib}, afterwards {after}", flush=True)
    top, heavy = admitted(g, own)
    check(most <= limit and top <= limit, f"more descriptors than {limit}")
    again = rss(g)
    work.finish()
    same(work.got, work.sent, "everything of theirs arrived, in order")
    g.stop()
    g.verify()
    g.start()
check(mib - base < 64 + STRANGERS // 10, f"a stranger costs {(mib - base) * 1024 // STRANGERS} KiB")
print(f"crowd: admitted={ADMITTED} descriptors={top} resident_mib={heavy}, afterwards {again}; "
      f"events={len(work.sent)} lost=0: passed")
