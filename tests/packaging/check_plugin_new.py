"""check_plugin_new.py SOURCE BUILD: what `fairlead plugin new` makes, and what it refuses."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(sys.argv.pop()).resolve()


class PluginNew(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, *words, program=BUILD / "bin/fairlead"):
        return subprocess.run([program, "plugin", "new", *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=20, check=False)

    def expect_refused(self, done, code, *texts):
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def test_makes_the_template_under_the_new_name(self):
        done = self.make("lora-9600", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["data"],
                         {"folder": "lora-9600", "scheme": "lora-9600", "file": "lora_9600.so"})
        made = self.folder / "lora-9600"
        for path in (SOURCE / "sdk/template").rglob("*"):
            if path.is_file():
                name = path.relative_to(SOURCE / "sdk/template")
                copy = made / str(name).replace("my_link", "lora_9600")
                text = path.read_text().replace("my_link", "lora_9600").replace("my-link", "lora-9600")
                self.assertEqual(copy.read_text(), text)
                self.assertEqual(copy.stat().st_mode & 0o111, path.stat().st_mode & 0o111)

    def test_underscores_become_dashes_in_the_scheme(self):
        data = json.loads(self.make("two_words", "--json").stdout)["data"]
        self.assertEqual((data["scheme"], data["file"]), ("two-words", "two_words.so"))

    def test_names_that_no_transport_can_have(self):
        for name in ("", "Upper", "9600", "-x", "x-", "a__b", "a-_b", "a.b", "a/b", "../a", "a b", "ä", "x" * 33):
            self.expect_refused(self.make("-o", "new", "--", name), 4, f'"{name}" cannot be the name of a transport; use')
        self.assertEqual(self.names(), [])
        self.assertEqual(self.make("x" * 32).returncode, 0)

    def test_schemes_that_are_taken(self):
        for name in ("tcp", "zmq", "unix", "exec", "grpc", "stcp", "http"):
            self.expect_refused(self.make(name), 4, f"the scheme {name} is taken; choose another")

    def test_what_is_there_is_left_as_it_is(self):
        (self.folder / "full").mkdir()
        (self.folder / "full/own").write_text("mine")
        (self.folder / "file").write_text("mine")
        (self.folder / "dangling").symlink_to("nowhere")
        before = self.names()
        for name in ("full", "file", "dangling"):
            self.expect_refused(self.make("radio", "-o", name), 1, f"cannot make {name}: it exists", "-o")
        self.expect_refused(self.make("radio", "-o", "full/"), 1, "it exists")
        self.assertEqual(self.names(), before)

    def test_a_folder_that_cannot_be_made_leaves_nothing(self):
        self.expect_refused(self.make("radio", "-o", "no/where"), 1, "cannot make no/.where.new", "No such file")
        self.assertEqual(self.names(), [])

    def test_what_an_interrupted_run_left_is_replaced(self):
        (self.folder / ".radio.new").mkdir()
        (self.folder / ".radio.new/old").write_text("half")
        self.assertEqual(self.make("radio").returncode, 0)
        self.assertNotIn(".radio.new", self.names())
        self.assertFalse((self.folder / "radio/old").exists())

    def test_without_the_template_it_says_what_to_install(self):
        alone = self.folder / "bin/fairlead"
        alone.parent.mkdir()
        shutil.copyfile(BUILD / "bin/fairlead", alone)
        alone.chmod(0o755)
        self.expect_refused(self.make("radio", program=alone), 1, "there is no template at", "fairlead-dev")


if __name__ == "__main__":
    unittest.main()
