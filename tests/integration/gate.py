"""gate.py - a gateway for one test: karvand as a process with keys, operators and settings of its own,
and peers that speak the wire protocol word by word (gateway/PROTOCOL.md).

    with Gate(operators={"aktau-port": ["*"], "silk": []}) as g:
        p = g.peer("aktau-port", "a1").hello()
        ack = p.publish([event("E1")])

Every wait is for a condition, with a limit that is no measure of speed.  A check that fails ends the
program with status 1 and the end of the daemon's log; so does any report of a sanitizer in it."""
import itertools, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time
import msgpack, zmq
from common import free_port, whole_lines

BIN = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.getcwd()
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE = 60  # seconds
REPORTS = re.compile("AddressSanitizer|LeakSanitizer|runtime error:|ThreadSanitizer|Assertion failed")
NOW = int(time.time() * 1000)
context = zmq.Context()
context.linger = 0
running = []


def fail(what):
    sys.stdout.flush()
    print(f"{os.path.basename(sys.argv[0])}: {what}", file=sys.stderr)
    for g in running:
        print("the daemon's last words:\n" + g.log()[-6000:], file=sys.stderr)
        g.kill()
    os._exit(1)


def check(good, what):
    if not good:
        import traceback
        fail(f"line {traceback.extract_stack()[-2].lineno}: {what}")


def same(got, wanted, what=""):
    if got != wanted:
        import traceback
        fail(f"line {traceback.extract_stack()[-2].lineno}: {what}: got {got!r}, wanted {wanted!r}")


def until(condition, what, seconds=PATIENCE):
    """Wait for something true, and return it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            fail(f"waited in vain for: {what}")
        time.sleep(0.02)


def event(id, type="load", **more):
    """A good event of the shared schema."""
    e = {"schema": 1, "id": id, "type": type, "class": "actual", "subject": "equipment",
         "time": NOW - 60000, "time_basis": "stated-utc",
         "place": {"unlocode": "KZAAU", "country": "KZ"},
         "equipment": [{"kind": "container", "id": "CSQU3054383"}],
         "source": {"operator": "x", "adapter": "y"}}
    e.update(more)
    return {k: v for k, v in e.items() if v is not None}


def pack(events):
    return b"".join(e if isinstance(e, bytes) else msgpack.packb(e) for e in events)


class Gate:
    """operators: name -> whom it shares with.  settings: text put behind the configuration."""

    def __init__(self, operators, settings="", env=None, data=None):
        self.dir = tempfile.mkdtemp(prefix="karvan-")
        self.env = dict(os.environ, **(env or {}))
        self.port, self.process, self.keys = free_port(), None, {}
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.logfile = os.path.join(self.dir, "karvand.log")
        self.config = os.path.join(self.dir, "gateway.yaml")
        self.data = data or self.dir
        for sub in ("operators", "profiles"):
            os.mkdir(os.path.join(self.dir, sub))
        self.keygen("gateway")
        for name, share in operators.items():
            self.operator(name, share)
        self.configure(settings)
        running.append(self)

    def configure(self, settings="", gateway=""):
        with open(self.config, "w") as f:
            f.write(f"""gateway:
  name: test
  key_file: {self.dir}/gateway.keys
  data_dir: {self.data}
  operators_dir: {self.dir}/operators
  profiles_dir: {self.dir}/profiles
  places_file: ""
{gateway}endpoints:
  - {{name: main, address: "{self.address}", security: curve}}
{settings}""")

    def keygen(self, name):
        path = os.path.join(self.dir, name + ".keys")
        self.cli("keygen", path, status=0)
        text = open(path).read()
        self.keys[name] = dict(re.findall(r'(public|secret)-key = "(.{40})"', text))
        return path

    def operator(self, name, share, country="KZ"):
        self.keygen(name)
        with open(os.path.join(self.dir, "operators", name + ".yaml"), "w") as f:
            f.write(f"name: {name}\ncountry: {country}\nkeys: ['{self.keys[name]['public']}']\n"
                    f"share: {{with: {json.dumps(share)}}}\n" if share else
                    f"name: {name}\ncountry: {country}\nkeys: ['{self.keys[name]['public']}']\n")

    def cli(self, *words, status=None, text=None):
        """karvan WORDS; returns (status, out, err)."""
        r = subprocess.run([os.path.join(BIN, "karvan"), *map(str, words)], input=text,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env=self.env, timeout=PATIENCE)
        if status is not None and r.returncode != status:
            fail(f"karvan {' '.join(map(str, words))}: status {r.returncode}, not {status}\n"
                 f"{r.stdout[-2000:]}{r.stderr[-2000:]}")
        return r.returncode, r.stdout, r.stderr

    def status(self):
        return json.loads(self.cli("status", "--json", "--data", self.data, status=0)[1])

    def start(self, wait=True):
        at = len(self.log())
        with open(self.logfile, "a") as log:
            self.process = subprocess.Popen([os.path.join(BIN, "karvand"), "--config", self.config],
                                            stdout=log, stderr=log, env=self.env, cwd=self.dir)
        if wait:
            until(lambda: "daemon.ready" in self.log()[at:] or self.process.poll() is not None,
                  "daemon.ready")
            check(self.process.poll() is None, "karvand did not start")
        return self

    def log(self):
        try:
            return open(self.logfile, errors="replace").read()
        except FileNotFoundError:
            return ""

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, expect=0):
        """SIGTERM; returns how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            fail("karvand did not leave after SIGTERM")
        self.process = None
        if expect is not None:
            same(status, expect, "karvand's exit status")
        return time.monotonic() - began

    def kill(self):
        if self.alive():
            self.process.kill()
            self.process.wait()
        self.process = None

    def verify(self):
        return self.cli("journal", "verify", "--data", self.data, status=0)[1]

    def peer(self, operator, adapter="a1", keys=None, **options):
        return Peer(self, operator, adapter, keys or self.keys[operator], **options)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if kind:
            import traceback
            traceback.print_exception(kind, value, trace)
            fail("an exception")
        if self.alive():
            self.stop()
        found = REPORTS.search(self.log())
        if found:
            fail(f"the daemon's log has {found.group()}")
        running.remove(self)
        shutil.rmtree(self.dir, ignore_errors=True)


class Peer:
    """One DEALER socket and what was said on it.  address: of a plaintext endpoint.  once: it does not
    connect again by itself, and over() tells that its connection has ended."""

    def __init__(self, gate, operator, adapter, keys, routing_id=None, address=None, once=False):
        self.gate, self.name, self.adapter = gate, operator, adapter
        s = self.socket = context.socket(zmq.DEALER)
        s.linger = 0
        s.rcvhwm = s.sndhwm = 0
        if routing_id is not None:
            s.routing_id = routing_id
        if not address:
            s.curve_serverkey = gate.keys["gateway"]["public"].encode()
            s.curve_publickey, s.curve_secretkey = keys["public"].encode(), keys["secret"].encode()
        self.ends = None
        if once:
            s.reconnect_ivl = -1
            self.ends = s.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        s.connect(address or gate.address)
        self.heard, self.batch = [], 0

    def send(self, op, body=None, v=1, **header):
        frames = [msgpack.packb({"v": v, "op": op, **header})]
        self.socket.send_multipart(frames + ([body] if body is not None else []))
        return self

    def raw(self, *frames):
        self.socket.send_multipart(list(frames))
        return self

    def receive(self, seconds=PATIENCE):
        """The next message as (header, body); None when nothing came."""
        if self.heard:
            return self.heard.pop(0)
        if not self.socket.poll(int(seconds * 1000)):
            return None
        frames = self.socket.recv_multipart() + [b""]
        return msgpack.unpackb(frames[0]), frames[1]

    def expect(self, op, seconds=PATIENCE, **wanted):
        """Wait for this message, keeping others for later; returns (header, body)."""
        kept, end = [], time.monotonic() + seconds
        while True:
            m = self.receive(max(0.01, end - time.monotonic()))
            if m is None:
                fail(f"{self.name}/{self.adapter}: no {op} {wanted}; heard {kept}")
            if m[0]["op"] == op and all(m[0].get(k, 0) == v for k, v in wanted.items()):
                self.heard = kept + self.heard
                return m
            kept.append(m)

    def quiet(self, seconds=0.3):
        """Nothing (more) may come."""
        m = self.receive(seconds)
        if m:
            fail(f"{self.name}/{self.adapter}: unexpected {m}")

    def hello(self, **more):
        self.send("HELLO", adapter=self.adapter, v_least=1, v_most=1, software="test", **more)
        self.welcome = self.expect("WELCOME")[0]
        self.batch = self.welcome.get("batch", 0)
        return self

    def publish(self, events, wait=True, **header):
        """One batch under the next number; the settled batch's map of the ACK."""
        self.batch += 1
        self.send("PUBLISH", pack(events), batch=self.batch, **header)
        return self.settled(self.batch) if wait else None

    def settled(self, batch):
        while True:
            h, body = self.expect("ACK")
            for a in unpack(body):
                if a["batch"] == batch:
                    return a

    def subscribe(self, name="all", start="cursor", filter=None, events=1 << 20, bytes=1 << 30):
        body = {"start": start}
        if filter is not None:
            body["filter"] = filter
        self.send("SUBSCRIBE", msgpack.packb(body), name=name)
        h = self.expect("SUBSCRIBED", name=name)[0]
        if events:
            self.send("CREDIT", name=name, ack=h["from"] - 1, credit_events=events,
                      credit_bytes=bytes)
        return h

    def events(self, count, name="all", ack=True):
        """Wait for so many events of a subscription."""
        got = []
        while len(got) < count:
            h, body = self.expect("EVENTS", name=name)
            got += unpack(body)
            if ack:
                self.send("CREDIT", name=name, ack=h["to"])
        return got

    def over(self):
        return self.ends.poll(0) != 0

    def close(self):
        if self.ends:
            self.socket.disable_monitor()
        self.socket.close(0)


def unpack(body):
    u = msgpack.Unpacker(strict_map_key=False)
    u.feed(body)
    return list(u)


numbers = itertools.count(1)


def events(count, prefix="e", **more):
    """So many good events with ids of their own."""
    return [event(f"{prefix}-{next(numbers)}", **more) for _ in range(count)]
