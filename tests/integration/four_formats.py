"""four_formats.py - one container through four companies' formats: a railway's TAF TSI XML, a port's EDIFACT,
a ferry line's DCSA JSON, a forwarder's EPCIS.  Each company has its own karvan-adapter that reads files from a
folder and shares what they say with a fifth, the consignee, whose subscription has the container as its filter.

The journey is read from what the consignee received and from the gateway's journal: all events of all four, each
once, of the right type at the right place, in the order they happened - whatever the order the files came in.
Wall clocks would give another order: the port writes local times without a zone (+05), the line +05 and +04 and
UTC, the forwarder UTC.  A broken file of each format goes to failed/ with its reason, and nothing of it is
published.  At the end the consignee's adapters write the journey again, as EDIFACT and as DCSA JSON, and what they
wrote says the same.  The messages are in four_formats/.  four_formats.py BIN_DIR"""
import calendar
from gate import *

HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = os.path.join(SOURCE, "config", "places.csv")
BOX, WAGON, NEIGHBOUR = "CSQU3054383", "94123460", "MSKU9070323"
COMPANIES = {"railway": ("taf", "KZ"), "aktau-port": ("edifact", "KZ"), "ferry-line": ("dcsa", "AZ"),
             "forwarder": ("epcis", "GE")}
# The files as the companies write them, and the events of the container in each.
FILES = [("railway", "order.xml"), ("railway", "wagon.xml"), ("aktau-port", "gate.edi"), ("aktau-port", "load.edi"),
         ("ferry-line", "voyage.json"), ("ferry-line", "discharge.json"), ("forwarder", "delivery.json")]
JOURNEY = [
    ("railway", "instruction", "requested", "2025-04-08T04:00", "kz-altynkol"),
    ("aktau-port", "gate-in", "actual", "2025-04-12T05:42", "kz-aktau-port"),
    ("aktau-port", "load", "actual", "2025-04-13T22:15", "kz-aktau-port"),
    ("ferry-line", "depart", "actual", "2025-04-13T23:05", "kz-aktau-port"),
    ("ferry-line", "arrive", "actual", "2025-04-14T15:20", "az-alat"),
    ("ferry-line", "discharge", "actual", "2025-04-14T19:50", "az-alat"),
    ("ferry-line", "gate-out", "actual", "2025-04-16T05:30", "az-alat"),
    ("forwarder", "depart", "actual", "2025-04-16T05:45", "az-alat"),
    ("forwarder", "arrive", "actual", "2025-04-17T02:10", "ge-tbilisi"),
    ("forwarder", "handover", "actual", "2025-04-17T04:00", "ge-tbilisi"),
]
# Besides: the railway's consignment note, its wagon at Aktau, the port's other container.
OTHERS = 3
# The same files broken: what is written, and what instead, everywhere (of a DCSA list good events are taken); the
# rule that refuses it.
BROKEN = [
    ("railway", "order.xml", ("</COM>", ""), "well-formed XML"),
    ("aktau-port", "gate.edi", ("UNT+17+1'\nUNZ", "UNZ"), "UNT missing"),
    ("ferry-line", "discharge.json", ('"eventDateTime": "2025-04-16T', '"eventDateTime": 2025-04-16T'), "JSON document"),
    ("forwarder", "delivery.json", ('"eventTime": "2025-04-17T04:00:00Z", ', ""), "eventTime is missing"),
]
# What the consignee's formats cannot say: no message carries it, or no code.
UNSENT = {"edifact": [], "dcsa": ["handover"]}


def sample(name):
    with open(os.path.join(HERE, "four_formats", name)) as f:
        return f.read()


def instant(words):
    return calendar.timegm(time.strptime(words, "%Y-%m-%dT%H:%M")) * 1000


def told(e):
    """What of an event is the journey."""
    return (e["source"]["operator"], e["type"], e["class"], e["time"], e["place"].get("node"))


def about(events, thing=BOX):
    return [e for e in events if any(q["id"] == thing for q in e.get("equipment", []))]


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


EXPECTED = [(o, t, c, instant(at), node) for o, t, c, at, node in JOURNEY]


class Corridor(Gate):
    """The gateway with its place table, and the companies' programs beside it."""

    def __init__(self):
        self.hosts, self.logs = [], []
        super().__init__({name: ["consignee"] for name in COMPANIES} | {"consignee": []})

    def configure(self, settings="", gateway=""):
        super().configure(settings, gateway)
        with open(self.config) as f:
            text = f.read()
        with open(self.config, "w") as f:
            f.write(text.replace('places_file: ""', f"places_file: {PLACES}"))

    def keygen(self, name):
        super().keygen(name)
        with open(self.path(name + ".pub"), "w") as f:
            f.write(f'public-key = "{self.keys[name]["public"]}"\n')

    def operator(self, name, share, country="KZ"):
        super().operator(name, share, COMPANIES.get(name, ("", "GE"))[1])

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def program(self, name, argv, out=None):
        self.logs.append(self.path(name + ".log"))
        with open(self.logs[-1], "a") as log, open(out or os.devnull, "a") as to:
            p = subprocess.Popen([os.path.join(BIN, argv[0]), *argv[1:]], stdout=to, stderr=log,
                                 stdin=subprocess.DEVNULL, env=self.env, cwd=self.dir)
        self.hosts.append(p)
        return p

    def adapter(self, operator, name, format, more):
        """One karvan-adapter of this company."""
        config = self.path(name + ".yaml")
        with open(config, "w") as f:
            f.write(f"""status_socket: {self.path(name + ".sock")}
retry_ms: 100
retry_max_ms: 500
adapters:
  - name: {name}
    format: {format}
    endpoint: {self.address}
    server_key: {self.path("gateway.pub")}
    keys: {self.path(operator + ".keys")}
    options: {{places: {PLACES}, sender: {operator.upper()}, recipient: PARTNER}}
{more}""")
        return self.program(name, ["karvan-adapter", "run", config])

    def companies(self):
        for name, (format, _) in COMPANIES.items():
            self.adapter(name, name + "-in", format,
                         f"    source: {{folder: {self.path(name)}, settle_ms: 0}}\n")

    def consignee(self):
        self.program("subscribe", ["karvan", "subscribe", "box", f"equipment={BOX}", "--start", "earliest",
                                   "--endpoint", self.address, "--server-key", self.path("gateway.pub"), "--keys",
                                   self.path("consignee.keys"), "--adapter", "desk"],
                     self.path("received.ndjson"))

    def drop(self, company, name, text):
        """As a careful sender does: written under another name, then renamed."""
        inbox = self.path(company, "inbox")
        os.makedirs(inbox, exist_ok=True)
        with open(os.path.join(inbox, "." + name), "w") as f:
            f.write(text)
        os.rename(os.path.join(inbox, "." + name), os.path.join(inbox, name))

    def received(self):
        with open(self.path("received.ndjson")) as f:
            return lines_of(f.read().rpartition("\n")[0])  # the last line may be half written

    def journal(self):
        return lines_of(self.cli("journal", "export", "--data", self.data, status=0)[1])

    def files(self, *names):
        return sorted(os.path.join(top, n) for top, _, here in os.walk(self.path(*names)) for n in here
                      if not n.startswith("."))

    def kill(self):
        for p in self.hosts:
            if p.poll() is None:
                p.kill()
                p.wait()
        super().kill()

    def log(self):
        """The daemon's words and, behind them, the other programs'."""
        words = super().log()
        for path in self.logs:
            with open(path, errors="replace") as f:
                words += f.read()
        return words

    def leave(self):
        """Everybody ends in order."""
        for p in self.hosts:
            p.send_signal(signal.SIGTERM)
        for p in self.hosts:
            try:
                same(p.wait(PATIENCE), 0, f"exit status of {' '.join(p.args)}")
            except subprocess.TimeoutExpired:
                fail(f"{' '.join(p.args)} did not end")


def send(g, files):
    """Each file when the one before has been published, so the order of arrival is the order of this list."""
    count = len(g.journal())
    for company, name in files:
        g.drop(company, name, sample(name))
        until(lambda: any(f.endswith("/" + name) for f in g.files(company, "done")), f"{name} is done")
        count = until(lambda: len(g.journal()) > count and settled(g, company) and len(g.journal()),
                      f"the events of {name} in the journal")


def settled(g, company):
    """Nothing of this company waits in its spool."""
    r = subprocess.run([os.path.join(BIN, "karvan-adapter"), "status", "--json", "--socket",
                        g.path(company + "-in.sock")], stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
    return r.returncode == 0 and json.loads(r.stdout)["adapters"][0]["spool"]["batches"] == 0


def one_journey(events, what):
    """All events of the four companies, each once, in the order given."""
    same(len({e["id"] for e in events}), len(events), f"{what}: ids, each once")
    same([told(e) for e in events], EXPECTED, what)
    for e in events:
        operator = e["source"]["operator"]
        same(e["source"]["format"], COMPANIES[operator][0], f"{what}: format of {operator}")
        box = next(q for q in e["equipment"] if q["id"] == BOX)
        same((box["kind"], box["scheme"], box["check"]), ("container", "iso6346", "ok"), f"{what}: {e['id']}")


def sent_again(g):
    """The port sends its gate report once more, without trailer and in one line: the same events."""
    before, name = len(g.journal()), "again.edi"
    text = sample("gate.edi").replace("\n", "")
    g.drop("aktau-port", name, text[:text.index("UNZ+")])
    until(lambda: any(f.endswith("/" + name) for f in g.files("aktau-port", "done")), f"{name} is done")
    until(lambda: settled(g, "aktau-port"), f"{name} has left the spool")
    same(len(g.journal()), before, "events in the journal after a report was sent again")
    check("events.refused" not in g.log(), "what is sent again is no other event")


def by_time(events):
    return sorted(events, key=lambda e: (e["time"], e["seq"]))


def traced(g, thing=BOX, kind="container"):
    return lines_of(g.cli("trace", kind, thing, "--json", "--data", g.data, status=0)[1])


def read_journey(g):
    until(lambda: len(g.received()) >= len(EXPECTED), "the consignee has the journey")
    one_journey(by_time(g.received()), "what the consignee received")
    journal = g.journal()
    same(len(journal), len(EXPECTED) + OTHERS, "events in the journal")
    one_journey(by_time(about(journal)), "the journal")
    one_journey(traced(g), "karvan trace container")
    same([(e["type"], e["place"]["node"]) for e in traced(g, WAGON, "wagon")],
         [("instruction", "kz-altynkol"), ("arrive", "kz-aktau-port")], "karvan trace wagon")
    same([e["type"] for e in traced(g, NEIGHBOUR)], ["gate-in"], "the port's other container")
    bookings = [e["source"]["operator"] for e in traced(g, "booking:BKG770041", "consignment")]
    same(bookings, ["aktau-port"] * 2 + ["ferry-line"] * 4, "one booking, two companies")


def refusals(g):
    """A broken file of each format: put away with its reason, and nothing of it is published."""
    before = len(g.journal())
    for company, name, (written, instead), rule in BROKEN:
        text = sample(name)
        check(written in text, f"{name} has {written!r}")
        g.drop(company, "broken-" + name, text.replace(written, instead))
        reason = g.path(company, "failed", f"broken-{name}.reason.txt")
        until(lambda: os.path.exists(reason), f"a reason for the broken {name}")
        with open(reason) as f:
            words = f.read()
        for w in (f"file:     broken-{name}", "nothing of it was published", "rule:", rule):
            check(w in words, f"the reason for {name} lacks {w!r}:\n{words}")
        kept = g.path(company, "failed", "broken-" + name)
        until(lambda: os.path.exists(kept), f"the broken {name} is kept")
        check(settled(g, company), f"nothing of {name} waits")
    same(len(g.journal()), before, "events in the journal after four broken files")
    one_journey(traced(g), "the journey after four broken files")


def decoded(format, path):
    r = subprocess.run([os.path.join(BIN, "karvan-adapter"), "decode", format, path, "--places", PLACES],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
    same(r.returncode, 0, f"decode {path}: {r.stderr}")
    return lines_of(r.stdout)


def said(e):
    """What another format must not change; the place is one of the table also without a UN/LOCODE."""
    return (e["type"], e["class"], e["time"], e["place"]["node"],
            sorted((q["kind"], q["id"]) for q in e["equipment"]))


def back_out(g):
    """The consignee's own systems read EDIFACT and DCSA: the same journey, in their formats."""
    for format in ("edifact", "dcsa"):
        name = f"{format}-out"
        g.adapter("consignee", name, format,
                  f"    sink: {{folder: {g.path(name)}, subscription: {name}, start: earliest, every_events: 100, "
                  f"every_ms: 200, filter: [\"equipment={BOX}\"]}}\n")
        until(lambda: len(outward(g, format)[0]) + len(outward(g, format)[1]) >= len(EXPECTED),
              f"{name} has written the journey")
        written, unsent = outward(g, format)
        want = [said(e) for e in traced(g)]
        same(sorted(want), sorted(written + unsent), f"{name}: each event once")
        same(sorted(unsent), sorted(w for w in want if w[0] in UNSENT[format]), f"{name}: what it cannot carry")


def outward(g, format):
    written = [said(e) for f in g.files(f"{format}-out", "outbox") for e in decoded(format, f)]
    unsent = []
    for path in g.files(f"{format}-out", "unsent"):
        with open(path) as f:
            unsent += [said(x["event"]) for x in lines_of(f.read())]
    return written, unsent


def journey(files, last):
    with Corridor() as g:
        g.companies()
        g.consignee()
        send(g, files)
        read_journey(g)
        last(g)
        g.leave()


def as_it_happened(g):
    """Files that came in the order of their events were received in that order."""
    one_journey(g.received(), "in the order of arrival")
    sent_again(g)
    refusals(g)


def against_time(g):
    """They came backwards; the arrival shows it, the journey does not."""
    check([told(e) for e in g.received()] != EXPECTED, "the files came backwards")
    back_out(g)


journey(FILES, as_it_happened)
journey(FILES[::-1], against_time)
print("four_formats: passed")
