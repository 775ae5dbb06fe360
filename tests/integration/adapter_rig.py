"""A gateway and adapter hosts as processes in a temporary directory, for the adapter tests.

Everything is waited for by condition with a generous limit; nothing depends on speed.
Usage of a test: with Rig(sys.argv[1]) as rig: ...      argv[1] is the directory of the programs.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from common import free_port, whole_lines

LIMIT = 90


def fail(words):
    raise AssertionError(words)


def wait_for(what, condition, seconds=LIMIT):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.05)
    fail("not within %d s: %s" % (seconds, what))


def event(number, container="MSCU1234566", **more):
    """One event of the schema, as a line of NDJSON."""
    e = {"schema": 1, "id": "E-%06d" % number, "type": "gate-in", "class": "actual",
         "subject": "equipment", "time": 1795439100000 + number * 1000, "time_basis": "stated-utc",
         "place": {"unlocode": "KZAAU", "country": "KZ"},
         "equipment": [{"kind": "container", "id": container, "scheme": "iso6346"}],
         "source": {"format": "ndjson"}}
    e.update(more)
    return json.dumps(e) + "\n"


class Process:
    def __init__(self, rig, name, argv, stdout=None):
        self.name, self.rig = name, rig
        self.log = os.path.join(rig.dir, name + ".log")
        self.out = open(stdout, "ab") if stdout else None
        with open(self.log, "ab") as log:
            self.p = subprocess.Popen([os.path.join(rig.bin, argv[0])] + argv[1:],
                                      stdout=self.out or log, stderr=log, stdin=subprocess.DEVNULL)
        rig.processes.append(self)

    def text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def wait_log(self, words, seconds=LIMIT):
        return wait_for("%s logs %r" % (self.name, words), lambda: words in self.text(), seconds)

    def kill(self):
        self.p.kill()
        self.p.wait()

    def stop(self, limit=30):
        """SIGTERM; the seconds it took.  Must end with 0."""
        begin = time.monotonic()
        self.p.send_signal(signal.SIGTERM)
        try:
            code = self.p.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            fail("%s did not end within %d s" % (self.name, limit))
        if code != 0:
            fail("%s ended with %d" % (self.name, code))
        return time.monotonic() - begin


class Rig:
    """karvand with the operators company (sends) and partner (receives), plain over ipc."""

    def __init__(self, bin_dir):
        self.bin = bin_dir
        self.processes = []
        self.dir = tempfile.mkdtemp(prefix="karvan-adapter-")
        self.gateway = None
        os.makedirs(self.path("operators"))
        os.makedirs(self.path("profiles"))
        self.write("gateway.yaml", """
gateway:
  name: adapter-test
  key_file: {d}/gateway.keys
  data_dir: {d}/data
  operators_dir: {d}/operators
  profiles_dir: {d}/profiles
  places_file: ""
endpoints:
  - {{name: company, address: "ipc://{d}/company.sock", security: plain, operators: [company]}}
  - {{name: partner, address: "ipc://{d}/partner.sock", security: plain, operators: [partner]}}
""".format(d=self.dir))
        for name in ("company", "partner"):
            self.run("karvan", "keygen", self.path(name + ".key"))
            public = self.run("karvan", "keygen", "--print-public", self.path(name + ".key")).strip()
            self.write("operators/%s.yaml" % name,
                       'name: %s\ncountry: KZ\nkeys: ["%s"]\nshare: {with: ["*"]}\n'
                       % (name, public))
        self.run("karvan", "keygen", self.path("gateway.keys"))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for p in self.processes:
            if p.p.poll() is None:
                p.kill()
        for p in {p.log: p for p in self.processes}.values():
            if kind:
                sys.stderr.write("---- %s\n%s" % (p.name, p.text()[-4000:]))
        if "KARVAN_KEEP" in os.environ:
            sys.stderr.write("kept: %s\n" % self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)
        return self.path(name)

    def run(self, *argv, code=0):
        p = subprocess.run([os.path.join(self.bin, argv[0])] + list(argv[1:]),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        if p.returncode != code:
            fail("%s: exit %d\n%s%s" % (" ".join(argv), p.returncode, p.stdout, p.stderr))
        return p.stdout if code == 0 else p.stderr

    def start_gateway(self):
        os.makedirs(self.path("data"), exist_ok=True)
        self.gateway = Process(self, "karvand", ["karvand", "--config", self.path("gateway.yaml")])
        return self.gateway

    def start_receiver(self):
        """All events the partner gets, one a line, in partner.ndjson."""
        return Process(self, "receiver",
                       ["karvan", "subscribe", "all", "--start", "earliest", "--endpoint",
                        "ipc://%s" % self.path("partner.sock"), "--plain", "--adapter", "receiver"],
                       stdout=self.path("partner.ndjson"))

    def received(self):
        """Ids in the order of arrival; a line being written is left for later."""
        return self.ids("partner.ndjson")

    def ids(self, name):
        """Of the events in a file, one a line; none when there is no file yet."""
        try:
            return [json.loads(x)["id"] for x in whole_lines(self.path(name)) if x.strip()]
        except FileNotFoundError:
            return []

    def host(self, name, adapters, more=""):
        """Start karvan-adapter with this list of adapters (YAML text)."""
        config = self.write(name + ".yaml",
                            "status_socket: %s\nretry_ms: 100\nretry_max_ms: 500\nlog_level: debug\n"
                            "%sadapters:\n%s" % (self.path(name + ".sock"), more, adapters))
        return Process(self, name, ["karvan-adapter", "run", config])

    def status(self, name):
        p = subprocess.run([os.path.join(self.bin, "karvan-adapter"), "status", "--json", "--socket",
                            self.path(name + ".sock")], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        return json.loads(p.stdout) if p.returncode == 0 else None

    def adapter(self, host, name):
        s = self.status(host)
        return next((a for a in s["adapters"] if a["name"] == name), None) if s else None

    def drop(self, folder, name, text):
        """As a careful sender does: written under another name, then renamed."""
        inbox = self.path(folder, "inbox")
        os.makedirs(inbox, exist_ok=True)
        with open(os.path.join(inbox, "." + name), "w") as f:
            f.write(text)
        os.rename(os.path.join(inbox, "." + name), os.path.join(inbox, name))

    def files(self, *names):
        """Paths of all files below, sorted; those being written left out."""
        found = []
        for top, _, names_here in os.walk(self.path(*names)):
            found += [os.path.join(top, n) for n in names_here if not n.startswith(".")]
        return sorted(found)


def find(program):
    """Its path, or None; daemons lie where only root looks."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def need(test, *programs):
    """Skip the test unless all of these are installed."""
    missing = [p for p in programs if not find(p)]
    if missing:
        print("%s: skipped: not installed: %s" % (test, ", ".join(missing)))
        sys.exit(77)


class Broker:
    """Mosquitto on a free port of 127.0.0.1.

    settings   what its file says besides the listener
    client     what its clients say besides the port and QoS 1
    """

    def __init__(self, rig, name="broker", settings="allow_anonymous true",
                 client=("-h", "127.0.0.1")):
        self.rig, self.name, self.client_options = rig, name, client
        self.port, self.process = free_port(), None
        self.conf = rig.write(name + ".conf", "listener %d 127.0.0.1\n%s\n%s\n" % (
            self.port, settings, "user root" if os.geteuid() == 0 else ""))

    def start(self):
        self.process = Process(self.rig, self.name, [find("mosquitto"), "-c", self.conf])
        wait_for(self.name + " listens", self.answers)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.stop()

    def client(self, program, *more):
        return [program, *self.client_options, "-p", str(self.port), "-q", "1", *more]

    def publish(self, topic, *lines):
        """Each line a message; returns when the broker has acknowledged them all."""
        subprocess.run(self.client("mosquitto_pub", "-t", topic, "-l"),
                       input="".join(lines).encode(), check=True)


def numbers(ids):
    return [int(i.split("-")[1]) for i in ids]


def check_whole(rig, count, what):
    """Everything arrived: each once, in order."""
    got = numbers(rig.received())
    if got != list(range(count)):
        missing = sorted(set(range(count)) - set(got))
        fail("%s: %d of %d events, missing %s, doubled %d, in order: %s"
             % (what, len(got), count, missing[:10], len(got) - len(set(got)), got == sorted(got)))
