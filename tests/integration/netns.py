"""netns.py - a network of a test's own, in which firewall rules hurt nobody."""
import fcntl, os, shutil, socket, struct, subprocess, sys

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docker", "karvan.nft")
PORTS = "karvan_ports = { 7400 }"

INSIDE = "KARVAN_TEST_NETNS"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def lacking():
    """What is missing for it, in words; None: nothing."""
    for program in ("unshare", "nft"):
        if not shutil.which(program):
            return f"no program {program}"
    tried = subprocess.run(["unshare", "-n", "nft", "add table inet karvan_test"], stderr=subprocess.PIPE, text=True)
    return tried.stderr.strip().splitlines()[0] if tried.returncode else None


def enter(test):
    """Start this program again inside, with nothing but a loopback interface; returns there.  Skips the test,
    and says why, where there can be no such network."""
    if INSIDE not in os.environ:
        why = lacking()
        if why:
            print(f"{test}: skipped, {why}")
            sys.exit(77)
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.orig_argv[1:]])
    with socket.socket() as s:
        ask = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, ask))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def nft(text):
    subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True)


def listed(*what):
    """What nft says of a chain or a counter."""
    return subprocess.run(["nft", "list", *what], stdout=subprocess.PIPE, text=True, check=True).stdout


def firewall(port):
    """Load docker/karvan.nft for this port."""
    rules = open(RULES).read()
    assert PORTS in rules
    nft(rules.replace(PORTS, f"karvan_ports = {{ {port} }}"))
