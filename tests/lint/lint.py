#!/usr/bin/python3
"""Rules of this tree that no compiler checks: lint.py RULE [ROOT], lint.py --list, lint.py --medians [ROOT].

A rule first proves on tiny trees of its own that it finds what it forbids and nothing else, then reads ROOT.
Exit code 1 when it found something there, 2 when it failed its own proof.
"""
import statistics
import sys
import tempfile
from pathlib import Path

import layers
import measures
import prose
from samples import SAMPLES, plant
from source import CPP, Tree

RULES = {
    "include_rules": layers.check_include_rules,
    "third_party": layers.check_third_party,
    "cycles": layers.check_cycles,
    "sizes": measures.check_sizes,
    "macros": measures.check_macros,
    "memory": measures.check_memory,
    "docs": prose.check_docs,
    "words": prose.check_words,
    "mentions": prose.check_mentions,
    "commits": prose.check_commits,
    "scripts": prose.check_scripts,
    "proofs": prose.check_proofs,
}


def proves_itself(name):
    """Runs a rule on its samples: every bad one must be found, the good one must pass."""
    good, *bad = SAMPLES[name]
    for number, sample in enumerate([good, *bad]):
        with tempfile.TemporaryDirectory() as folder:
            plant(sample, Path(folder))
            found = list(RULES[name](Tree(folder)))
        if bool(found) != (number > 0):
            print(f"lint {name}: sample {number}: expected {'a finding' if number else 'none'}, got {found}")
            return False
    return bool(bad)


def run(name, root):
    if not proves_itself(name):
        return 2
    findings = list(RULES[name](Tree(root)))
    for finding in findings:
        print(finding)
    print(f"lint {name}: {len(findings)} findings")
    return 1 if findings else 0


def medians(root):
    """Prints sizes and complexity beside the goals; never fails."""
    files = Tree(root).under("kernel/", "sdk/", "plugins/", suffixes=CPP)
    functions = [f for file in files for f in file.functions]
    for what, numbers, goal in (("lines of a file", [f.line_count for f in files], "110/300/400"),
                                ("lines of a function", [f.lines for f in functions], "7/30/60")):
        numbers = sorted(numbers) or [0]
        p90 = numbers[min(len(numbers) - 1, len(numbers) * 9 // 10)]
        print(f"{what}: median {statistics.median(numbers):g}, p90 {p90}, max {numbers[-1]} "
              f"of {len(numbers)} (goal {goal})")
    complex_ones = sum(f.complexity > 10 for f in functions)
    print(f"functions with complexity above 10: {complex_ones} of {len(functions)}, "
          f"{100 * complex_ones / max(1, len(functions)):.1f} % (goal 1 %)")
    return 0


def main(arguments):
    if arguments[:1] == ["--list"]:
        print(";".join(RULES))
        return 0
    root = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).resolve().parents[2]
    if arguments[:1] == ["--medians"]:
        return medians(root)
    if arguments[:1] == ["--all"]:
        return max(run(name, root) for name in RULES)
    if not arguments or arguments[0] not in RULES:
        print(__doc__, file=sys.stderr)
        return 2
    return run(arguments[0], root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
