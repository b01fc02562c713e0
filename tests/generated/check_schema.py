"""check_schema.py BUILD: the schema of the project file against a validator of JSON Schema, and against the reader of
the program: they must agree about every ready project file, every broken one below and every project made at random."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

import projects

BUILD = pathlib.Path(sys.argv.pop(1))
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = BUILD / "bin" / "fairlead"
CASES = 600
# What takes two places of a file, or arithmetic, to see; everything else the schema must refuse too.
BEYOND_A_SCHEMA = ("is taken by", "is no participant of this project", "is listed twice",
                   "is already taken by another listener", "is not an IPv6 address", "not a proxy URL",
                   "an organisation has at most 64 bytes")
GOOD = """
api_version: 3
name: p
participants:
- {name: srv, type: server, org: o}
- {name: c, type: client, org: o}
"""
# One edit each that makes GOOD wrong in a way that a schema can see.
BROKEN = [
    ("api_version: 3", "api_version: 2"), ("api_version: 3", "api_version: '3'"), ("api_version: 3\n", ""),
    ("name: p\n", ""), ("name: p\n", "name: a/b\n"), ("name: p\n", "name: p\nsecure_train: 'true'\n"),
    ("name: p\n", "name: p\nconnection_security: insecure\n"), ("name: p\n", "name: p\nconnection_security: ' tls'\n"),
    ("name: p\n", "name: p\nmessage_security: none\n"), ("name: p\n", "name: p\nscheme: TCP\n"),
    ("name: p\n", "name: p\ncrl: Strict\n"), ("name: p\n", "name: p\nconection_security: tls\n"),
    ("name: p\n", "name: p\nfed_learn_port: 1\n"), ("name: p\n", "name: p\npolicy: [{from: '*'}]\n"),
    ("name: p\n", "name: p\ntransports: [tcp]\n"), ("type: server, ", ""), ("type: server", "type: client"),
    ("type: client", "type: server"), ("type: client", "type: relay"), ("name: c, ", ""), (", org: o}\n- {name: c", "}\n- {name: c"),
    ("name: c,", "name: server,"), ("name: c,", "name: SERVER,"), ("name: c,", "name: a b,"),
    ("type: client", "type: client, secure_train: true"), ("type: client", "type: client, fed_learn_port: 1"),
    ("type: client", "type: client, connect_to: {port: 1}"), ("type: client", "type: client, connect_to: {host: a, port: '1'}"),
    ("type: client", "type: client, connect_to: {host: a, port: 65536}"), ("type: client", "type: client, connect_to: 'a b'"),
    ("type: client", "type: client, connect_to: {host: a, x: 1}"), ("type: client", "type: client, proxy: 'ftp://a:1'"),
    ("type: client", "type: client, proxy: 'http://u:p@a:1'"), ("type: client", "type: client, role: lead"),
    ("type: client", "type: admin"), ("type: server", "type: server, fed_learn_port: 0"),
    ("type: server", "type: server, fed_learn_port: 65536"), ("type: server", "type: server, host_names: [1.2.3]"),
    ("type: server", f"type: server, host_names: [{'a' * 64}]"), ("type: server", "type: server, listeners: []"),
    ("type: server", "type: server, listeners: [{host: a}]"), ("type: server", "type: server, connect_to: a"),
    ("org: o}\n- {name: c", f"org: {'o' * 65}}}\n- {{name: c"),
]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(run("config", "schema").stdout)
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def reader_says(self, text):
        """What the program's reader finds wrong; empty when nothing."""
        path = pathlib.Path(self.folder.name) / "project.yml"
        path.write_text(text)
        answer = run("config", "explain", str(path))
        self.assertIn(answer.returncode, (0, 4), answer.stderr)
        return answer.stderr if answer.returncode else ""

    def refusals(self, project):
        return [error.message[:200] for error in self.validator.iter_errors(project)]

    def test_is_the_same_inside_the_json_object(self):
        self.assertEqual(json.loads(run("config", "schema", "--json").stdout)["data"], self.schema)

    def test_accepts_every_ready_project_file(self):
        files = sorted((SOURCE / "configs").glob("*.yml"))
        self.assertTrue(files)
        for file in files:
            self.assertEqual(self.refusals(yaml.safe_load(file.read_text())), [], file.name)

    def test_accepts_what_init_makes(self):
        self.assertEqual(self.refusals(yaml.safe_load(run("init", "-o", "-").stdout)), [])

    def test_refuses_what_the_reader_refuses(self):
        self.assertEqual(self.reader_says(GOOD), "")
        self.assertEqual(self.refusals(yaml.safe_load(GOOD)), [])
        for old, new in BROKEN:
            text = GOOD.replace(old, new, 1)
            self.assertNotEqual(text, GOOD, old)
            self.assertTrue(self.reader_says(text), new)
            self.assertTrue(self.refusals(yaml.safe_load(text)), new)

    def test_agrees_with_the_reader_about_random_projects(self):
        accepted = 0
        for seed in range(CASES):
            project = projects.Maker(seed).project()
            found = self.reader_says(json.dumps(project, indent=1, ensure_ascii=False))
            refusals = self.refusals(project)
            if not found:
                accepted += 1
                self.assertEqual(refusals, [], f"seed {seed}: the reader accepts {project}")
            elif not refusals:
                self.assertTrue(any(known in found for known in BEYOND_A_SCHEMA), f"seed {seed}: {found}")
        self.assertTrue(CASES / 10 < accepted < CASES * 9 / 10, accepted)


if __name__ == "__main__":
    unittest.main()
