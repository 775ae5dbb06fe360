"""silent.py BIN - connections without a session are shut when their time is up, whatever is said on them;
a session that does nothing but say PING, and one that does nothing but receive, live on beside them."""
from gate import *

TIMEOUT_MS = 6000
living = []  # peers with a session, which say PING


def breathe():
    """Somebody sends, somebody receives, and everybody shows that it lives."""
    sender.publish(events(1))
    sent.append(sender.batch)
    for p in living:
        check(not p.over(), f"{p.adapter} has a session and was shut")
        p.send("PING", nonce=1).expect("PONG")
    time.sleep(0.2)


def talk(p):
    try:
        p.socket.send(msgpack.packb({"v": 1, "op": "PING", "nonce": 2}), zmq.DONTWAIT)
    except zmq.Again:
        pass  # its connection has just ended


def gone(p):
    while not p.over():
        check(time.monotonic() < end, f"{p.adapter} has no session and is still there")
        if p.adapter == "talks":
            talk(p)
        breathe()
    p.close()


def mute(g):
    return [g.peer("silk", "mute", once=True), g.peer("rail", "mute-plain", address=plain, once=True)]


g = Gate({"rail": ["silk"], "silk": []})
plain = f"ipc://{g.dir}/plain.sock"
g.configure(f"""  - {{name: plain, address: "{plain}", security: plain, operators: [rail]}}
session: {{timeout_ms: {TIMEOUT_MS}}}
io: {{zmq_threads: 2}}
""")
with g:
    sent, end = [], time.monotonic() + PATIENCE
    sender = g.peer("rail", "sends", once=True).hello()
    receiver = g.peer("silk", "receives", once=True).hello()
    receiver.subscribe()
    back = g.peer("silk", "back", once=True).hello()
    back.send("BYE")
    back.hello()  # on the same connection
    living += [receiver, back, g.peer("silk", "pings", once=True).hello(),
               g.peer("rail", "pings-plain", address=plain, once=True).hello()]

    without = mute(g)
    without.append(g.peer("silk", "talks", once=True))
    without.append(g.peer("silk", "Bad Name", once=True).send("HELLO", adapter="Bad Name", v_least=1, v_most=1))
    same(without[-1].expect("REFUSE")[0]["code"], 104, "no session")
    without.append(g.peer("silk", "leaves", once=True).hello().send("BYE"))
    lapses = g.peer("silk", "lapses", once=True).hello()

    while not lapses.socket.poll(0):
        breathe()
    same(lapses.expect("ERROR")[0]["code"], 110, "it is told first")
    check(not lapses.over(), "and has time to begin anew")
    lapses.hello()
    for p in without + [lapses]:
        gone(p)
    late, end = mute(g), time.monotonic() + PATIENCE
    for p in late:  # the living ones have been there twice as long as anybody without a session may be
        gone(p)
    breathe()
    same(len(receiver.events(len(sent))), len(sent), "all events arrived")
    same(sorted(s["adapter"] for s in g.status()["sessions"]),
         sorted(["sends"] + [p.adapter for p in living]), "sessions")
    check(re.search(r"connection.idle address=\S*127.0.0.1 endpoint=main", g.log()), "it is said")
    for p in living + [sender]:
        p.close()
print(f"silent: connections={len(without) + 1 + len(late)} events={len(sent)}: passed")
