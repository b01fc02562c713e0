"""check_command.py KIT PLUGIN FOLDER: arguments, exit codes and output of fairlead-plugin-check."""
import json
import os
import pty
import subprocess
import sys
import unittest
from pathlib import Path

KIT, PLUGIN, FOLDER = sys.argv[1], sys.argv[2], Path(sys.argv[3])
QUICK = ["--only", "table-header", "--only", "table-text"]


def run(*arguments, **more):
    return subprocess.run([KIT, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, **more)


def setup(text):
    file = FOLDER / "setup_under_test.json"
    file.write_text(text, encoding="utf-8")
    return file


class Arguments(unittest.TestCase):
    def refused(self, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        return done.stderr

    def test_a_file_is_needed(self):
        self.assertIn("FILE is missing", self.refused())

    def test_a_file_that_is_not_there_is_named(self):
        self.assertIn("nowhere.so: there is no such file", self.refused("nowhere.so"))

    def test_an_unknown_option_is_refused(self):
        self.assertIn("--quickly", self.refused(PLUGIN, "--quickly"))

    def test_an_unknown_check_is_named(self):
        self.assertIn("--only echo: there is no such check", self.refused(PLUGIN, "--only", "echo"))

    def test_errors_are_json_when_asked_for(self):
        done = run("nowhere.so", "--json")
        error = json.loads(done.stdout)
        self.assertEqual((done.returncode, error["status"], error["error"]["code"]), (4, "error", "bad_arguments"))


class Setups(unittest.TestCase):
    def refused(self, text):
        file = setup(text)
        done = run(PLUGIN, "--setup", file)
        self.assertEqual(done.returncode, 4)
        self.assertIn(f"{file}:1:1: ", done.stderr)
        return done.stderr

    def test_what_is_not_json(self):
        self.assertIn("parse error", self.refused("{"))

    def test_a_missing_version(self):
        self.assertIn("schema_version: expected 1", self.refused("{}"))

    def test_an_unknown_key(self):
        self.assertIn("listne: there is no such key", self.refused('{"schema_version": 1, "listne": "x"}'))

    def test_a_wrong_level(self):
        self.assertIn('found "high", expected clear, tls or mtls',
                      self.refused('{"schema_version": 1, "configurations": {"a": {"level": "high"}}}'))

    def test_a_missing_file(self):
        self.assertIn("cannot read", self.refused('{"schema_version": 1, "options": {"me": {"file": "gone"}}}'))

    def test_odd_hex_digits(self):
        self.assertIn("pairs of hex digits", self.refused('{"schema_version": 1, "options": {"me": {"hex": "abc"}}}'))

    def test_a_wrong_side(self):
        self.assertIn("expected listener or dialler", self.refused(
            '{"schema_version": 1, "bad_values": [{"side": "both", "option": "me", "value": "x"}]}'))


class Output(unittest.TestCase):
    def test_json_is_one_object(self):
        done = run(PLUGIN, "--json", "--seed", 7, *QUICK)
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["schema_version"], report["status"]), (0, 1, "ok"))
        self.assertEqual([check["id"] for check in report["data"]["checks"]], ["table-header", "table-text"])
        self.assertEqual(report["data"]["summary"], {"pass": 2, "fail": 0, "warn": 0, "skip": 0, "crash": 0})
        self.assertEqual(report["data"]["seed"], 7)

    def test_the_table_has_one_line_a_check(self):
        lines = run(PLUGIN, *QUICK).stdout.splitlines()
        self.assertEqual(lines[0].split()[:2], ["PASS", "table-header"])
        self.assertEqual(lines[-1], "2 PASS, 0 FAIL, 0 WARN, 0 SKIP, 0 CRASH")
        self.assertEqual(len(lines), 3)

    def test_without_a_setup_connections_are_skipped(self):
        bare = FOLDER / "bare.so"
        bare.write_bytes(Path(PLUGIN).read_bytes())
        done = run(bare, "--only", "echo-sizes")
        self.assertEqual(done.returncode, 0)
        self.assertIn("SKIP", done.stdout)
        self.assertIn("no address to listen on", done.stdout)

    def test_a_file_that_is_no_library_fails_the_first_check_and_skips_the_rest(self):
        done = run(__file__)
        lines = done.stdout.splitlines()
        self.assertEqual(done.returncode, 1)
        self.assertIn("it is not an ELF file", lines[0])
        self.assertIn("31 SKIP", lines[-1])

    def test_in_process_gives_the_same_result(self):
        self.assertEqual(run(PLUGIN, "--in-process", *QUICK).stdout, run(PLUGIN, *QUICK).stdout)

    def on_a_terminal(self, environment):
        ours, theirs = pty.openpty()
        subprocess.run([KIT, PLUGIN, *QUICK], stdin=subprocess.DEVNULL, stdout=theirs, check=True, env=environment)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
        return shown

    def test_colour_on_a_terminal_only(self):
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        self.assertIn("\x1b[32mPASS", self.on_a_terminal(environment))
        self.assertNotIn("\x1b", self.on_a_terminal({**environment, "NO_COLOR": "1"}))
        self.assertNotIn("\x1b", run(PLUGIN, *QUICK, env=environment).stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
