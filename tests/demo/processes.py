"""Processes of the demo: real `fairlead` commands, each with its log in a file, none left behind."""
import json
import os
import pathlib
import select
import signal
import subprocess
import time

PATIENCE_S = 30


class Failed(Exception):
    """Something did not hold; the text says what."""


class Processes:
    """Starts commands of one build; as a context manager it ends all of them."""

    def __init__(self, build, folder):
        self.fairlead = build / "bin" / "fairlead"
        self.hostile = build / "tests" / "hostile_client"
        self.folder = pathlib.Path(folder)
        self.running = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
            process.wait()

    def run(self, *arguments, stdin=None):
        """A one-shot command; its standard output. Failed unless it exits with 0."""
        done = subprocess.run([str(self.fairlead), *arguments], input=stdin, capture_output=True, timeout=PATIENCE_S * 2,
                              check=False)
        if done.returncode != 0:
            raise Failed(f"fairlead {' '.join(arguments)} exited with {done.returncode}: {done.stderr.decode().strip()}")
        return done.stdout

    def run_json(self, *arguments):
        """`data` of a one-shot command with --json."""
        return json.loads(self.run(*arguments, "--json"))["data"]

    def start(self, name, *arguments):
        """A command that stays; gives its ready line."""
        with open(self.folder / f"{name}.log", "wb") as log:
            self.running[name] = subprocess.Popen([str(self.fairlead), *arguments], stdin=subprocess.DEVNULL,
                                                  stdout=subprocess.PIPE, stderr=log, env=os.environ)
        ready = self.read_line(name)
        if ready.get("event") != "ready":
            raise Failed(f"{name} did not get ready; see {self.folder / name}.log")
        return ready

    def read_line(self, name):
        """The next JSON line of a running command, an empty object when it ended."""
        stream = self.running[name].stdout
        if not select.select([stream], [], [], PATIENCE_S)[0]:
            raise Failed(f"{name} said nothing for {PATIENCE_S} s")
        line = stream.readline()
        return json.loads(line) if line else {}

    def stop_all(self):
        """SIGTERM to the sites, then to the server; the server's last line."""
        server = self.running["server"]
        for name, process in self.running.items():
            if name != "server":
                self.end(name, process)
        self.end("server", server)
        return self.read_line("server")

    @staticmethod
    def end(name, process):
        process.send_signal(signal.SIGTERM)
        if process.wait(PATIENCE_S) != 0:
            raise Failed(f"{name} exited with {process.returncode} after SIGTERM")


def wait_until(condition, what):
    """Looks again and again until the condition holds; Failed after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.01)
