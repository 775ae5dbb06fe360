"""routing.py - sharing rules, hidden fields, reload and explain through the real programs; and the same
results, in the order of each sender, with 1, 2 and 4 lanes."""
from gate import *
import random

SENDERS = ["rail", "port", "ferry", "road"]
RULES = {
    "rail": "[{with: [silk]}]",
    "port": "[{with: ['role:forwarder'], when: {type: [load, discharge]}, hide: [goods, parties]}]",
    "ferry": "[{with: [party], when: {country: [KZ, AZ]}}]",
    "road": "[{with: [rail]}]",
}
TYPES = ["load", "discharge", "gate-in"]


def write_operator(g, name, share, extra=""):
    if name not in g.keys:
        g.keygen(name)
    with open(os.path.join(g.dir, "operators", name + ".yaml"), "w") as f:
        f.write(f"name: {name}\ncountry: KZ\nkeys: ['{g.keys[name]['public']}']\n{extra}share: {share}\n")


def gate(lanes):
    """An endpoint for each lane, and companies on all of them."""
    g = Gate({})
    for name in SENDERS:
        write_operator(g, name, RULES[name])
    write_operator(g, "silk", "{with: []}", "roles: [forwarder]\nids: [GE-1]\n")
    g.addresses = [f"tcp://127.0.0.1:{free_port()}" for _ in range(lanes)]
    g.configure()
    text = open(g.config).read()
    one = next(l for l in text.splitlines() if "name: main" in l)
    many = "\n".join(one.replace("main", f"e{i}").replace(g.address, a) for i, a in enumerate(g.addresses))
    open(g.config, "w").write(text.replace(one, many).replace("  name: test\n", f"  name: test\n  lanes: {lanes}\n"))
    return g


def peer(g, lane, operator, adapter="a1"):
    g.address = g.addresses[lane % len(g.addresses)]
    return g.peer(operator, adapter)


def traffic(sender, n, chance):
    return [event(f"{sender}-{i}", type=chance.choice(TYPES),
                  place={"country": chance.choice(["KZ", "AZ", "GE"])},
                  goods=[{"hs": "1001"}], parties=[{"role": "forwarder", "id": chance.choice(["GE-1", "GE-2"])}])
            for i in range(n)]


def entitled(sender, e):
    return (sender == "rail" or (sender == "port" and e["type"] != "gate-in") or
            (sender == "ferry" and e["place"]["country"] != "GE" and e["parties"][0]["id"] == "GE-1"))


def lanes(count):
    chance, each = random.Random(7), 300
    with gate(count) as g:
        senders = {name: peer(g, i, name).hello() for i, name in enumerate(SENDERS)}
        sent = {name: traffic(name, each, chance) for name in SENDERS}
        view = peer(g, 1, "silk", "view").hello()
        view.subscribe("all", "latest")
        view.subscribe("loads", "latest", [{"type": ["load"]}, {"operator": ["ferry"], "country": ["AZ"]}])
        rail = peer(g, 2, "rail", "view").hello()
        rail.subscribe("road", "latest", {"operator": ["road"]})
        for at in range(0, each, 50):  # all of them at the same time
            for name, p in senders.items():
                p.publish(sent[name][at:at + 50], wait=False)
        for p in senders.values():
            p.settled(p.batch)
        wanted = {(n, e["id"]): e for n in SENDERS for e in sent[n] if entitled(n, e)}
        got = view.events(len(wanted), "all")
        same({(e["source"]["operator"], e["id"]) for e in got}, set(wanted), f"{count} lanes: who gets what")
        same(len(got), len(wanted), "nothing twice")
        for name in SENDERS:
            mine = [e for e in got if e["source"]["operator"] == name]
            same([e["id"] for e in mine], [e["id"] for e in sent[name] if entitled(name, e)],
                 f"{count} lanes: {name}'s events in its order")
            for e in mine:
                same(("goods" in e, "parties" in e), (name != "port",) * 2, "hidden fields")
        same([e["seq"] for e in got], sorted(e["seq"] for e in got), "in the order of the journal")
        loads = [k for k, e in wanted.items()
                 if e["type"] == "load" or (k[0] == "ferry" and e["place"]["country"] == "AZ")]
        same(sorted((e["source"]["operator"], e["id"]) for e in view.events(len(loads), "loads")), sorted(loads),
             "the other subscription")
        same([e["id"] for e in rail.events(each, "road")], [e["id"] for e in sent["road"]], "road to rail")
        # once more from the journal: the same
        view.subscribe("again", "earliest")
        same([e["id"] for e in view.events(len(wanted), "again")], [e["id"] for e in got], "the replay")
        if count == 1:
            reload(g, senders["port"], view)
        g.stop()
        g.verify()


def explain(g, seq, who):
    return json.loads(g.cli("explain", seq, "--for", who, "--json", "--config", g.config, status=0)[1])


def reload(g, port, view):
    view.subscribe("port", "latest", {"operator": ["port"]})
    view.send("UNSUBSCRIBE", name="all")
    view.send("UNSUBSCRIBE", name="loads")
    gate_in = port.publish([event("p-in", type="gate-in")])["first"]
    load = port.publish([event("p-load", goods=[{"hs": "1001"}])])["first"]
    same([e["id"] for e in view.events(1, "port")], ["p-load"], "by the old rules")

    x = explain(g, gate_in, "silk")
    same((x["shared"], x["owner"], len(x["rules"])), (False, "port", 1), "explain: not shared")
    check("when.type" in x["rules"][0]["why"] and x["rules"][0]["line"] == 4 and
          x["rules"][0]["file"].endswith("port.yaml"), f"the rule, its file and line: {x}")
    x = explain(g, load, "silk")
    same(x["shared"], True, "explain: shared")
    check("goods" in x["hidden"], f"explain: hidden fields {x}")
    mine = {s["name"]: s for s in x["subscriptions"]}
    same((mine["port"]["matches"], mine["loads"]["matches"]), (True, True), "its subscriptions")
    out = g.cli("explain", load, "--for", "ferry", "--config", g.config, status=0)[1]
    check("ferry may not see it" in out and "port.yaml:4: does not name ferry" in out, out)
    g.cli("explain", 10 ** 6, "--for", "silk", "--config", g.config, status=1)
    g.cli("explain", load, "--for", "nobody", "--config", g.config, status=1)
    g.cli("explain", load, status=2)

    # a wrong file changes nothing and says why
    write_operator(g, "port", "[{with: [silk], when: {tpye: load}}]")
    status, out, err = g.cli("reload", "--data", g.data)
    check(status == 1 and "port.yaml:4" in out + err and "did you mean type" in out + err, out + err)
    port.publish([event("p-2", type="gate-in"), event("p-3")])
    same([e["id"] for e in view.events(1, "port")], ["p-3"], "the old rules are still in force")

    # a right one is in force at once, for sessions that are open, and for older events as well
    write_operator(g, "port", "[{with: [silk], when: {type: gate-in}, show: [place]}]")
    g.cli("reload", "--data", g.data, status=0)
    port.publish([event("p-4", type="gate-in"), event("p-5")])
    e = view.events(1, "port")[0]
    same((e["id"], "place" in e, "equipment" in e, e["source"]), ("p-4", True, False, {"operator": "port"}),
         "the new rules")
    h = view.subscribe("old", {"seq": gate_in}, {"operator": ["port"], "type": ["gate-in", "load"]})
    same([e["id"] for e in view.events(3, "old")], ["p-in", "p-2", "p-4"], "older events by the new rules")
    check("type=load" in h["narrowed"] and "hidden:" in h["narrowed"], f"narrowed: {h}")
    view.send("SUBSCRIBE", msgpack.packb({"filter": {"operator": ["prot"]}}), name="wrong")
    h = view.expect("ERROR", name="wrong")[0]
    check(h["code"] == 403 and "operator" in h["text"], f"an unknown operator: {h}")
    # an operator that leaves takes its events with it
    os.remove(os.path.join(g.dir, "operators", "ferry.yaml"))
    g.cli("reload", "--data", g.data, status=0)
    view.subscribe("gone", "earliest")
    got = []
    while not got or got[-1]["to"] < load:
        h, body = view.expect("EVENTS", name="gone")
        got.append(h)
        check(all(e["source"]["operator"] != "ferry" for e in unpack(body)), "ferry is gone")
        view.send("CREDIT", name="gone", ack=h["to"])


for n in (1, 2, 4):
    lanes(n)
print("routing: passed")
