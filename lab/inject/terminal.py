"""Runs commands whose output is a terminal.

Usage: terminal.py reads a JSON list of commands from standard input, and prints a JSON list of what
each of them wrote to its terminal.
"""

import json
import os
import pty
import subprocess
import sys
import tty


def run(command):
    end, terminal = pty.openpty()
    tty.setraw(terminal)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal):
        os.close(terminal)
        seen = b""
        while True:
            try:
                got = os.read(end, 65536)
            except OSError:
                # Linux's way to say that nobody writes any more.
                break
            if not got:
                break
            seen += got
    os.close(end)
    return seen.decode("utf-8", "replace")


if __name__ == "__main__":
    json.dump([run(command) for command in json.load(sys.stdin)], sys.stdout)
