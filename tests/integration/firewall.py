"""firewall.py BIN - docker/karvan.nft: a stranger's connections are bounded before the gateway sees them.

In a network of its own.  Without the rules the stranger gets all it asks for; with them no more than 64, and
too fast ones nothing; from another address an honest company comes and goes meanwhile."""
import select
import netns
netns.enter("firewall")
from gate import *

ASKED, HELD = 200, 64
STRANGER = "127.0.0.2"


def connect(port):
    """ASKED connections at once from the stranger's address; those that are open a second later."""
    sockets = []
    for _ in range(ASKED):
        s = socket.socket()
        s.setblocking(False)
        s.bind((STRANGER, 0))
        s.connect_ex(("127.0.0.1", port))
        sockets.append(s)
    time.sleep(1)
    opened = []
    for s in sockets:
        if select.select([], [s], [], 0)[1] and s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            opened.append(s)
        else:
            s.close()
    return opened


def counters():
    """Packets turned away, rule by rule: too fast over IPv4 and IPv6, too many over both."""
    return [int(n) for n in re.findall(r"counter packets (\d+)", netns.listed("chain", "inet", "karvan", "connections"))]


def honest(g, adapter, batch):
    p = g.peer("rail", adapter).hello()
    same(p.publish(batch)["accepted"], len(batch), "an honest company's batch")
    return p


with Gate({"rail": [], "silk": []}) as g:
    opened = connect(g.port)
    same(len(opened), ASKED, "without the rules all are let in")
    for s in opened:
        s.close()
    there = honest(g, "before", events(3))

    netns.firewall(g.port)
    opened = connect(g.port)
    check(0 < len(opened) <= HELD, f"{len(opened)} at once were let in, {HELD} may be held")
    check(counters()[0] > 0, f"too fast ones are counted: {counters()}")
    same(there.publish(events(3))["accepted"], 3, "a session that was there goes on")
    honest(g, "meanwhile", events(3)).close()
    while len(opened) < HELD + 1:  # slowly, until the bound is reached
        s = socket.socket()
        s.settimeout(5)
        s.bind((STRANGER, 0))
        try:
            s.connect(("127.0.0.1", g.port))
            opened.append(s)
        except (ConnectionRefusedError, socket.timeout):
            s.close()
            break
        time.sleep(0.15)
    check(len(opened) <= HELD, f"{len(opened)} are held")
    check(counters()[2] > 0, f"too many are counted: {counters()}")
    netns.firewall(g.port)  # again: rules are replaced, sessions stay
    same(there.publish(events(3))["accepted"], 3, "a session outlives a reload of the rules")
    for s in opened:
        s.close()
    there.close()
print("firewall: passed")
