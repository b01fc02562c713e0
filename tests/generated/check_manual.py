"""check_manual.py BUILD: the manual pages as mandoc and man read them."""
import pathlib
import re
import subprocess
import sys
import unittest

PAGES = pathlib.Path(sys.argv.pop(1)) / "man"
# scdoc starts every section with an empty paragraph; that is harmless.
HARMLESS = re.compile("skipping paragraph macro|STYLE:")


class Manual(unittest.TestCase):
    def test_has_no_mistakes(self):
        for page in ("fairlead.1", "fairlead-project.5"):
            said = subprocess.run(["mandoc", "-Tlint", PAGES / page], capture_output=True, text=True).stdout
            self.assertEqual([line for line in said.splitlines() if not HARMLESS.search(line)], [], page)

    def test_reads_as_text(self):
        for page, words in (("fairlead.1", ("provision PROJECT", "EXIT STATUS", "--no-passphrase", "fairlead-project(5)")),
                            ("fairlead-project.5", ("connection_security (mtls, tls or clear)", "FAIRLEAD_LISTEN__PORT",
                                                    "transports.SCHEME.OPTION", "KEYS OF CONNECT_TO"))):
            done = subprocess.run(["man", "-l", PAGES / page], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin",
                                                                                                 "MANWIDTH": "200", "LC_ALL": "C"})
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for word in words:
                self.assertIn(word, done.stdout)


if __name__ == "__main__":
    unittest.main()
