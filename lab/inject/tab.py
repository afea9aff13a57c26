"""Presses TAB in a shell on a terminal.

Usage: tab.py SHELL SETUP LINE… runs SETUP in an interactive SHELL (bash, zsh), then presses TAB
after each LINE, runs what TAB inserted, and prints everything that the terminal received. Each TAB
after the first inserts another candidate.
"""

import os
import pty
import select
import sys
import time

ARGS = {"bash": ["bash", "--norc", "-i"], "zsh": ["zsh", "-f", "-i"]}


class Terminal:
    def __init__(self, shell):
        pid, self.end = pty.fork()
        if pid == 0:
            os.execvp(ARGS[shell][0], ARGS[shell])
        self.count, self.seen = 0, b""

    def write(self, text):
        os.write(self.end, text.encode())

    def read(self, seconds):
        ready, _, _ = select.select([self.end], [], [], seconds)
        got = os.read(self.end, 65536) if ready else b""
        self.seen += got
        return got

    def wait(self):
        """Waits for the output of a command that the shell runs after everything else."""
        self.count += 1
        # Typed in pieces, so that the echo of the line is not the answer.
        self.write(f"echo do''ne{self.count}ok\n")
        end = time.monotonic() + 60
        while f"done{self.count}ok".encode() not in self.seen:
            self.read(0.5)
            if time.monotonic() > end:
                raise SystemExit(f"no answer after 60 seconds: {self.seen[-2000:]!r}")

    def tab(self, line, times):
        """Presses TAB, then runs the line as arguments of a command that does nothing."""
        self.write(line + "\t" * times)
        self.settle()
        # To the start of the line; a space at the end closes a list of candidates.
        self.write(" \x01: \n")
        self.settle()
        # Leaves an unclosed quote. ^C would also delete what is typed before the shell reads it.
        self.write("\x03")
        self.settle()
        self.wait()

    def settle(self):
        """Reads until nothing comes."""
        while self.read(0.15):
            pass


def main(shell, setup, lines):
    terminal = Terminal(shell)
    terminal.write(setup + "\n")
    terminal.wait()
    for line in lines:
        for times in (1, 2, 3, 4):
            terminal.tab(line, times)
    sys.stdout.buffer.write(terminal.seen)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
