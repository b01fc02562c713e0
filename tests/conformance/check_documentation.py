"""check_documentation.py KIT PAGE: the table of checks in the page is exactly what --list says, in its order."""
import re
import subprocess
import sys
from pathlib import Path


def main(kit, page):
    listed = subprocess.run([kit, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    expected = [tuple(line.split(None, 1)) for line in listed]
    written = re.findall(r"(?m)^\| `([a-z-]+)` \| (.*) \|$", Path(page).read_text(encoding="utf-8").split("## The checks")[1])
    if written == expected and len(expected) == 32:
        print(f"{len(expected)} checks")
        return 0
    print("the page should say:")
    print("\n".join(f"| `{name}` | {what} |" for name, what in expected))
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
