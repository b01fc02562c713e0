"""check_frozen.py BUILD: binaries that were made with the headers of version 1.0, with today's kernel: a plugin between two
processes of `fairlead`, and a program that embeds a node."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop()).resolve()
FAIRLEAD, FROZEN = BUILD / "bin/fairlead", BUILD / "tests/abi"
PATIENCE_S = 60
PROJECT = """api_version: 3
name: frozen
connection_security: clear
participants:
  - name: server
    type: server
    org: me
    listeners: [{port: 8002, host: 127.0.0.1}, {port: 8003, scheme: c-unix}]
  - {name: by-plugin, type: client, org: me, connect_to: {host: localhost, port: 8003, scheme: c-unix}}
  - {name: embedder, type: client, org: me, connect_to: 127.0.0.1}
"""


class Frozen(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        (cls.folder / "project.yml").write_text(PROJECT)
        cls.run_program(FAIRLEAD, "provision", cls.folder / "project.yml", "-w", cls.folder / "w", "--no-passphrase")
        cls.kits = cls.folder / "w/frozen/prod_00"
        for name in ("server", "by-plugin"):
            (cls.kits / name / "local/fairlead.yml").write_text(
                f"transports: {{c-unix: {{plugin: {FROZEN}/unix_stream_v1_0.so, path: {cls.folder}/socket}}}}\n")
        server = subprocess.Popen([FAIRLEAD, "server", "-k", cls.kits / "server", "--echo", "--set", "listen.port=0"],
                                  stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(server.communicate)
        cls.addClassCleanup(server.terminate)
        cls.listeners = json.loads(server.stdout.readline())["listeners"]

    @staticmethod
    def run_program(*words):
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}\n{done.stderr}")
        return done.stdout

    def test_a_plugin_of_1_0_is_loaded_and_described(self):
        listed = json.loads(self.run_program(FAIRLEAD, "plugin", "list", "-k", self.kits / "by-plugin", "--json"))
        ours = [one for one in listed["data"]["plugins"] if one["file"].endswith("unix_stream_v1_0.so")]
        self.assertEqual([(one["id"], one["abi"]) for one in ours], [("org.example.c-unix", 1)])

    def test_a_plugin_of_1_0_carries_messages(self):
        self.assertIn(f"c-unix://{self.folder}/socket", self.listeners)
        payload = self.folder / "payload"
        payload.write_bytes(bytes(range(256)) * 8192)
        self.run_program(FAIRLEAD, "request", "-k", self.kits / "by-plugin", "--to", "server", "--topic", "t", "--file",
                         payload, "-o", self.folder / "back")
        self.assertEqual((self.folder / "back").read_bytes(), payload.read_bytes())

    def test_a_program_of_1_0_embeds_a_node(self):
        tcp = next(one for one in self.listeners if one.startswith("tcp:"))
        said = self.run_program(FROZEN / "embedder_v1_0", self.kits / "embedder", f"connect_to={tcp}", "from 1.0")
        self.assertEqual(said, "from 1.0")


if __name__ == "__main__":
    unittest.main()
