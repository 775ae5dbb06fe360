"""journeys.py - karvan trace: a container's journey out of what several operators said, from the index and
from what is not indexed yet, beside the running gateway and after it has left."""
from gate import *

BOX, OTHER = "CSQU3054383", "MSKU1234565"


def about(id, box, type, time, booking=None, **more):
    e = event(id, type=type, time=time, **more)
    e["equipment"] = [{"kind": "container", "id": box}]
    if booking:
        e["references"] = [{"scheme": "booking", "value": booking}]
    return e


def traced(g, *words):
    return [json.loads(l)["id"] for l in g.cli("trace", *words, "--json", "--data", g.data, status=0)[1].splitlines()]


def runs(g):
    folder = os.path.join(g.data, "journal", "trace")
    return [f for f in os.listdir(folder) if f.endswith(".run")] if os.path.isdir(folder) else []


def look(g):
    same(traced(g, "container", BOX), ["r-1", "p-1", "r-2"], "in the order it happened")
    same(traced(g, "container", OTHER), ["p-2"], "another one")
    same(traced(g, "consignment", "BKG7"), ["p-1", "p-2"], "by its booking")
    same(traced(g, "consignment", "booking:BKG7"), ["p-1", "p-2"], "with the scheme")
    same(traced(g, "consignment", "smgs:BKG7"), [], "of another scheme")
    same(traced(g, "container", "NEVER"), [], "nobody has heard of it")


with Gate({"rail": [], "port": []}) as g:
    rail, port = g.peer("rail").hello(), g.peer("port").hello()
    rail.publish([about("r-2", BOX, "arrive", 1795439300000), about("r-1", BOX, "depart", 1795439100000)])
    port.publish([about("p-1", BOX, "load", 1795439200000, "BKG7"), about("p-2", OTHER, "load", 1795439250000, "BKG7")])
    look(g)
    until(lambda: runs(g), "an index is made")
    look(g)
    words = g.cli("trace", "container", BOX, "--data", g.data, status=0)[1].splitlines()
    check(len(words) == 3 and "depart" in words[0] and "rail" in words[0] and "port" in words[1], f"{words}")
    rail.publish([about("r-3", BOX, "gate-out", 1795439400000)])
    same(traced(g, "container", BOX)[-1], "r-3", "what is not indexed yet")
    rail.close()
    port.close()
    g.stop()
    same(traced(g, "wagon", BOX), ["r-1", "p-1", "r-2", "r-3"], "without a gateway")
    for f in runs(g):
        os.unlink(os.path.join(g.data, "journal", "trace", f))
    same(len(traced(g, "container", BOX)), 4, "without an index")
    for wrong in (["trace"], ["trace", "container"], ["trace", "ship", "x"], ["trace", "container", "x", "y"],
                  ["trace", "container", "x", "--nonsense"]):
        g.cli(*wrong, status=2)
    g.cli("trace", "container", BOX, "--data", os.path.join(g.dir, "nowhere"), status=1)
print("journeys: passed")
