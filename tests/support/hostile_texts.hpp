/// Texts made to hang, crash or mislead a parser of YAML, each with a part of the one thing to say about it.
/// Tests of the reader and of the program go through the same list.
#pragma once
#include <string>
#include <vector>

namespace fairlead::support {

struct HostileText {
  const char* name;
  std::string text;
  const char* says;
};

inline constexpr size_t kHostileFull = 256 * 1024;  ///< bytes; files may have no more

inline std::string repeated(const std::string& piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

inline std::string alias_bomb() {
  std::string out = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i)
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
           repeated("*a" + std::to_string(i - 1) + ", ", 9) + "x]\n";
  return out;
}

inline std::string stairs(int levels) {
  std::string out;
  for (int i = 0; i < levels; ++i) out += repeated(" ", static_cast<size_t>(i)) + "a:\n";
  return out;
}

inline std::string many_keys(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "k" + std::to_string(i) + ": 1\n";
  return out;
}

/// Deep, and meant to go in circles.
inline std::vector<HostileText> nested_texts() {
  return {HostileText{"AliasBomb", alias_bomb(), "anchors (&name) are not allowed"},
          HostileText{"SelfAlias", "a: &a [*a]\n", "aliases (*name) are not allowed"},
          HostileText{"UnknownAlias", "a: *b\n", "not valid YAML"},
          HostileText{"TenThousandDeep", repeated("[", 10000), "nested too deep"},
          HostileText{"DeepMaps", repeated("{a: ", 10000), "nested too deep"},
          HostileText{"DeepMixed", repeated("[{", 100000), "nested too deep"},
          HostileText{"DeepFlowLines", repeated("[a,\n", 10000), "nested too deep"},
          HostileText{"DeepDashes", "a: 1\nb:\n " + repeated("- ", 4000), "nested deeper than 16"},
          HostileText{"DeepQuestions", repeated("? ", 4000), "nested deeper than 16"},
          HostileText{"DeepColons", repeated(": ", 4000), "nested deeper than 16"},
          HostileText{"Stairs", stairs(700), "nested deeper than 16"}};
}

/// Large, and with more keys than anybody needs.
inline std::vector<HostileText> large_texts() {
  return {HostileText{"BigScalar", "a: " + repeated("x", 300 * 1024), "larger than 256 KiB"},
          HostileText{"LongLine", "a: " + repeated("x", 100 * 1024), "longer than 16384 bytes"},
          HostileText{"DuplicateKey", "name: a\nname: b\n", "duplicate key \"name\""},
          HostileText{"UnknownKey", "nmae: a\n", "did you mean \"name\"?"},
          HostileText{"ManyUnknownKeys", many_keys(5000), "more errors"},
          HostileText{"ManyLines", repeated("a:\n", kHostileFull / 3), "more than 12000 lines"},
          HostileText{"ManyItems", "a: [" + repeated("b,\n", kHostileFull / 4), "more than 12000 lines"},
          HostileText{"MostKeys", many_keys(11400), "more errors"},
          HostileText{"MostItems", "a: [" + repeated("b,\n", 5900), "not valid YAML"}};
}

/// Wrong in one place.
inline std::vector<HostileText> broken_texts() {
  return {
      HostileText{"TabIndentation", "a:\n\tb: 1\n", "a tab in the indentation"},
      HostileText{"Nul", std::string("a: 1\nb: \0\n", 10), "a NUL character"},
      HostileText{"ByteOrderMark",
                  "\xEF\xBB\xBF"
                  "a: 1\n",
                  "byte order mark"},
      HostileText{"Utf16",
                  std::string("\xFF\xFE"
                              "a\0",
                              4),
                  "not valid UTF-8"},
      HostileText{"OverlongUtf8", "a: \xC0\xAF\n", "not valid UTF-8"},
      HostileText{"Surrogate", "a: \xED\xA0\x80\n", "not valid UTF-8"},
      HostileText{"CutUtf8", "a: \xE2\x82", "not valid UTF-8"},
      HostileText{"Escape", "a: \x1b[31m\n", "a control character"},
      HostileText{"LoneCarriageReturns", repeated("\r", 1000), "a lone carriage return"},
      HostileText{"PythonTag", "a: !!python/object/apply:os.system [ls]\n", "tags (!name) are not allowed"},
      HostileText{"OwnTag", "a: !secret b\n", "tags (!name) are not allowed"},
      HostileText{"TagOnMap", "!!map\na: 1\n", "tags (!name) are not allowed"},
      HostileText{"TagMarks", repeated("!", 10000), "not valid YAML"},
      HostileText{"Anchors", repeated("&a ", 5000), "not valid YAML"},
      HostileText{"MergeKey", "a: 1\n<<: {b: 2}\n", "merge keys (<<) are not allowed"},
      HostileText{"ListAsKey", "? [a, b]\n: 1\n", "a key must be plain text"},
      HostileText{"SecondDocument", "a: 1\n---\nb: 2\n", "a second document"},
      HostileText{"DocumentAfterDots", "a: 1\n...\nb: 2\n", "a second document"},
      HostileText{"Separators", repeated("---\n", 10000), "a second document"},
      HostileText{"Comma", ",", "a second document or stray text"},
      HostileText{"CommaAfterMap", "a: 1\n,\n", "not valid YAML"},
      HostileText{"OpenBracketsColon", "[[:", "not valid YAML"},
      HostileText{"Unfinished", "a: [1, 2\n", "not valid YAML"},
      HostileText{"OpenQuote", "a: \"b\n", "this quote is never closed"},
      HostileText{"OpenSingleQuote", "a: 'it''s\n", "this quote is never closed"},
      HostileText{"OpenQuoteAfterEscape", "a: \"b\\\"\n", "this quote is never closed"},
      HostileText{"BadIndentation", "a: 1\n b: 2\n", "not valid YAML"},
      HostileText{"RootIsText", "hello\n", "must be a map"},
      HostileText{"RootIsList", "- a\n", "must be a map"},
      HostileText{"RootIsNull", "~\n", "the file is empty"},
      HostileText{"Empty", "", "the file is empty"},
      HostileText{"OnlyComment", "# nothing\n", "the file is empty"},
      HostileText{"OnlyLineBreaks", repeated("\n", 10000), "the file is empty"}};
}

inline std::vector<HostileText> hostile_texts() {
  std::vector<HostileText> all;
  for (const auto& some : {nested_texts(), large_texts(), broken_texts()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace fairlead::support
