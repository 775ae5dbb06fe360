"""loss.py BIN [SCALE] - a line that loses packets: one in twenty, one in five, all of them for a while.

In a network of its own, where the kernel throws packets away in both directions (nftables); TCP repeats
them, later and later.  Everything arrives, in order, and nothing twice in the journal."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import netns
netns.enter("loss")
from gate import *
from programs import *

SCALE = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def lose(port, percent):
    """Of the packets to and from the port."""
    some = "" if percent == 100 else f"numgen random mod 100 < {percent}"
    rules = "\n".join(f"tcp {way} {port} {some} counter name lost drop" for way in ("dport", "sport") if percent)
    netns.nft(f"""flush table inet loss
            table inet loss {{
                chain input {{
                    type filter hook input priority filter; policy accept;
                    {rules}
                }}
            }}""")


def lost():
    return int(re.search(r"packets (\d+)", netns.listed("counter", "inet", "loss", "lost")).group(1))


netns.nft("add table inet loss; add counter inet loss lost")
with Gate({"rail": ["silk"], "silk": []}, "session: {timeout_ms: 3000}\n") as g:
    pair = Pair(g, g.address)
    pair.send(300)
    pair.all_arrive("a whole line carries everything")
    for percent in (5, 20) * SCALE:
        lose(g.port, percent)
        before = lost()
        for _ in range(10):
            pair.send(100)
            time.sleep(0.1)
        pair.all_arrive(f"{percent} of 100 packets lost")
        check(lost() > before, "packets were lost")
    for seconds in (2, 6) * SCALE:  # shorter than a session lives, and longer
        lose(g.port, 100)
        pair.send(300)
        time.sleep(seconds)
        lose(g.port, 0)
        pair.all_arrive(f"nothing at all for {seconds} s")
    packets = lost()
    again = pair.finish()
print(f"loss: events={len(pair.sent)} packets_lost={packets} delivered_again={again} lost=0 duplicated=0: passed")
