"""The tree as the rules see it: files, text without comments and strings, functions."""
import bisect
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CPP = {".cpp", ".hpp", ".h", ".c", ".ipp"}
CODE = CPP | {".py", ".sh", ".cmake"}
SKIPPED_FOLDERS = {".git", ".cache", "build", "__pycache__"}

NOT_CODE = re.compile(
    r"""(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)
      |(?P<raw>R"(?P<tag>[^()\s]*)\(.*?\)(?P=tag)")
      |(?P<text>"(?:\\.|[^"\\\n])*")|(?P<char>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')
      |(?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|(?!//)[^\n])*)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE)


def blank(text):
    """The same lines and columns, all empty."""
    return re.sub(r"[^\n]", " ", text)


def without_comments_and_strings(text, keep_directives=False):
    def replace(match):
        if match.lastgroup == "directive" and keep_directives:
            return match.group()
        if match.group("text"):
            return '"' + blank(match.group()[1:-1]) + '"'
        return blank(match.group())
    return NOT_CODE.sub(replace, text)


@dataclass
class Finding:
    """FILE:LINE: what is wrong: how to mend it."""
    path: str
    line: int
    what: str
    mend: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}: {self.mend}"


@dataclass
class Function:
    name: str
    line: int
    lines: int
    complexity: int


class File:
    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.suffix = path.suffix
        self.text = path.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def code(self):
        return without_comments_and_strings(self.text)

    @cached_property
    def includes(self):
        """(line, name) of every #include."""
        pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
        return [(self.line_of(m.start()), m.group(1)) for m in pattern.finditer(self.text)]

    @cached_property
    def functions(self):
        return find_functions(self.code)

    @cached_property
    def line_count(self):
        return len(self.text.splitlines())

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def matches(self, pattern, text=None):
        """(line, match) of a pattern in the file's text or in `text`, which has the same lines."""
        for match in re.finditer(pattern, self.text if text is None else text):
            yield self.line_of(match.start()), match


class Tree:
    def __init__(self, root):
        self.root = Path(root)

    @cached_property
    def files(self):
        """Every text file that belongs to the project, in order of path."""
        found = []
        for path in sorted(self.root.rglob("*")):
            parts = path.relative_to(self.root).parts
            if SKIPPED_FOLDERS & set(parts) or not path.is_file() or path.is_symlink():
                continue
            if b"\0" not in path.read_bytes()[:4096]:
                found.append(File(self.root, path))
        return found

    def under(self, *folders, suffixes=CPP):
        return [f for f in self.files if f.suffix in suffixes and f.path.startswith(folders)]


HEAD_OF_TYPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
TAIL_OF_FUNCTION = re.compile(r"\)\s*(const|noexcept|override|final|mutable|try|&&?|\s)*(->[^{};]*|requires\b.*)?$",
                              re.DOTALL)
INITIALISER = re.compile(r"\).*[:,]\s*[\w:]+(<[^{}]*>)?\s*$", re.DOTALL)
DECISION = re.compile(r"\b(if|for|while|case|catch)\b|&&|\|\||\?")


def closing_brace(code, opening):
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


def find_functions(code):
    """Functions with a body, by matching braces; code inside one belongs to it."""
    starts = [m.end() for m in re.finditer("\n", code)]
    found, head_start, at = [], 0, 0
    marks = re.compile(r"[{};]|\b(?:public|private|protected)\s*:")
    while match := marks.search(code, at):
        at = match.end()
        if match.group() != "{":
            head_start = at
            continue
        head = code[head_start:match.start()]
        bare = re.sub(r"^\s*template\s*<[^{};]*?>\s*(?=\w)", "", head)
        inside_call = bare.count("(") > bare.count(")")
        if inside_call:  # a list among the arguments of a call at file scope
            at = closing_brace(code, match.start()) + 1
        elif TAIL_OF_FUNCTION.search(bare) and not HEAD_OF_TYPE.search(bare) and not is_initialiser(bare):
            end = closing_brace(code, match.start())
            begin = head_start + len(head) - len(head.lstrip())
            first, last = bisect.bisect(starts, begin) + 1, bisect.bisect(starts, end) + 1
            body = code[match.start():end]
            found.append(Function(name_of(bare), first, last - first + 1, 1 + len(DECISION.findall(body))))
            head_start = at = end + 1
        elif HEAD_OF_TYPE.search(bare):
            head_start = at
        else:  # a braced initialiser: the head goes on behind it
            at = closing_brace(code, match.start()) + 1
    return found


def is_initialiser(head):
    return bool(INITIALISER.search(head)) and "->" not in head.rsplit(")", 1)[-1]


def name_of(head):
    match = re.search(r"([~\w:]+|operator\s*\S+?)\s*\(", head)
    return match.group(1) if match else "?"
