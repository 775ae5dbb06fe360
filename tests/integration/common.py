"""common.py - what both rigs need, gate.py's and adapter_rig.py's."""
import socket


def free_port():
    """A port of 127.0.0.1 on which nobody listens at the moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def whole_lines(path):
    """Of a file that may be growing: read at once, for that splits lines, and without the last one."""
    with open(path) as f:
        return f.read().split("\n")[:-1]
