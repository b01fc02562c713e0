"""Comments, words, commit subjects and what the README promises."""
import os
import re
import subprocess

from source import Finding

WORDS = [
    (r"\b(TODO|FIXME|XXX|HACK)\b", "do it now or leave it out"),
    (r"\bGTEST_SKIP\b", "a test that cannot run here needs another way to arrange its case"),
    (r"\bDISABLED_", "a test that is not run is removed"),
    (r"\bstd::system\s*\(", "run a program with an argument vector, without a shell"),
]
SUBJECT = 60
COMMITS = 50
SELF = "tests/lint/"  # names the words it looks for


def check_words(tree):
    for file in tree.files:
        if file.path.startswith(SELF):
            continue
        for pattern, mend in WORDS:
            for line, match in file.matches(pattern):
                yield Finding(file.path, line, match.group().strip("( "), mend)
        if not file.path.startswith("kernel/base/"):
            for line, match in file.matches(r"\bsleep_for\b"):
                yield Finding(file.path, line, match.group(), "wait for an event; time comes from base::Clock")


def check_mentions(tree):
    for file in tree.files:
        if not file.path.startswith(SELF):
            for line, match in file.matches(r"\.\./shared\b|/work/\w+"):
                yield Finding(file.path, line, f"mentions {match.group()}", "say it in the project's own docs")


def check_commits(tree):
    git = ["git", "-c", "safe.directory=*", "-C", str(tree.root)]
    log = subprocess.run([*git, "log", f"-{COMMITS}", "--format=%h %s"], capture_output=True, text=True)
    if not (tree.root / ".git").exists() or log.returncode != 0:
        return  # not a checkout, or one without a commit
    for entry in log.stdout.splitlines():
        commit, _, subject = entry.partition(" ")
        if len(subject) > SUBJECT:
            yield Finding(f"commit {commit}", 1, f"subject of {len(subject)} characters, {SUBJECT} at most",
                          "one idea in few words; the reason goes into the body")


def check_scripts(tree):
    for file in tree.files:
        if file.path != "README.md":
            continue
        for block in re.finditer(r"(?ms)^```.*?^```", file.text):
            for match in re.finditer(r"(?<![\w/.-])(?:\./)?(scripts/[\w-]+)", block.group()):
                line = file.line_of(block.start() + match.start())
                if not os.access(tree.root / match.group(1), os.X_OK):
                    yield Finding(file.path, line, f"{match.group(1)} is not an executable file",
                                  "correct the README or add the script")


PROOF = re.compile(r"`([A-Z]\w+)\.(\w+)`")
TEST = re.compile(r"^\s*TEST(?:_[FP])?\((\w+),\s*(\w+)\)", re.MULTILINE)


def check_proofs(tree):
    tests = {f"{suite}.{name}" for file in tree.under("tests/") for suite, name in TEST.findall(file.text)}
    for file in tree.files:
        if file.path != "kernel/docs/threat-model.md":
            continue
        for line, match in file.matches(PROOF.pattern):
            name = match.group().strip("`")
            if name not in tests:
                yield Finding(file.path, line, f"there is no test {name}", "name the test that shows it, or write it")


# A declaration: return type, name, parameter list. Constructors, destructors and operators explain themselves.
SLOT = re.compile(r"^\s*[\w\s*]+\(\*\w+\)\(")
DECLARATION = re.compile(r"^\s*(?!return\b|using\b|typedef\b|else\b)(?:[\w:<>,*&\[\]]+\s+)+[*&]?(?!operator\b)[a-z]\w*\(")
ACCESSOR = re.compile(r"\(\)\s*const\s*(noexcept\s*)?\{\s*return [^;]*;\s*\}")
SELF_EVIDENT = re.compile(r"\b(override|final)\b|=\s*(default|delete)\s*;|^\s*(explicit|friend)\b")


def check_docs(tree):
    for file in tree.under("sdk/include/", suffixes={".h", ".hpp"}):
        if "/detail/" in file.path:
            continue
        lines, code = file.text.splitlines(), file.code.splitlines()
        public, documented = True, False
        for number, (line, bare) in enumerate(zip(lines, code), start=1):
            public = section(bare, public)
            if not bare.strip():
                documented = is_comment(line)
                continue
            if public and is_function(line, bare) and not documented and "//" not in line and "/*" not in line:
                yield Finding(file.path, number, "public function without a comment",
                              "say in one line what it does, when it fails and on which thread")
            documented = documented and not re.search(r"[{}]\s*$", bare)


def is_comment(line):
    return bool(re.match(r"\s*(//|/\*|\*)|.*\*/\s*$", line))


def section(bare, public):
    """Whether what follows this line is public; a column-0 closing brace ends the class."""
    if re.match(r"\s*(private|protected):", bare):
        return False
    return public or bool(re.match(r"\s*public:|\}|\s*(class|struct) \w+.*\{$", bare))


def is_function(line, bare):
    if SELF_EVIDENT.search(bare) or ACCESSOR.search(line):
        return False
    return bool(SLOT.match(bare) or (DECLARATION.match(bare) and "=" not in bare.split("(")[0]))
