#include "config/yaml_reader.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_set>

#include "config/source_file.hpp"

namespace fairlead::config {
namespace {

/// Turns yaml-cpp's marks (bytes, from 0) into positions (characters, from 1).
class Marks {
 public:
  explicit Marks(std::string_view source) {
    starts_.push_back(0);
    for (size_t i = 0; i < source.size(); ++i)
      if (source[i] == '\n') starts_.push_back(i + 1);
    source_ = source;
  }

  Position position(const YAML::Mark& mark) const {
    if (mark.is_null() || mark.line < 0) return {};
    const size_t line = std::min(static_cast<size_t>(mark.line), starts_.size() - 1);
    const std::string_view rest = source_.substr(starts_[line]);
    const auto bytes = static_cast<size_t>(std::max(mark.column, 0));
    int column = 1;
    for (size_t i = 0; i < bytes && i < rest.size(); i += character_size(rest[i])) ++column;
    return {static_cast<int>(line) + 1, column};
  }

 private:
  std::string_view source_;
  std::vector<size_t> starts_;
};

/// Builds the tree from events and refuses what project files must not contain.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(Diagnostics& diagnostics, const Marks& marks) : diagnostics_(diagnostics), marks_(marks) {}

  bool started() const noexcept { return started_; }
  Position start() const noexcept { return start_; }
  Node take() { return std::move(root_); }
  const YAML::Mark& last_quoted() const noexcept { return last_quoted_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    started_ = true;
    start_ = marks_.position(mark);
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(Node{Node::Kind::null, marks_.position(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    diagnostics_.error(marks_.position(mark), "aliases (*name) are not allowed", "write the value out");
    add(Node{Node::Kind::null, marks_.position(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (tag == "!") last_quoted_ = mark;
    Node node{Node::Kind::scalar, marks_.position(mark), value, tag == "!"};
    if (!node.quoted &&
        (value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL"))
      node = Node{Node::Kind::null, node.at};
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is not closed yet, and the key that waits for its value.
  struct Frame {
    Node node;
    std::optional<Member> key{};
    std::unordered_set<std::string> seen{};
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == YAML::NullAnchor) return;
    diagnostics_.error(marks_.position(mark), "anchors (&name) are not allowed",
                       "write the value out where it is used");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    diagnostics_.error(marks_.position(mark), "tags (!name) are not allowed", "remove the tag");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (skipped_ == 0 && frames_.size() < static_cast<size_t>(kMostDepth)) {
      frames_.push_back(Frame{Node{kind, marks_.position(mark)}});
      return;
    }
    if (skipped_++ == 0)
      diagnostics_.error(marks_.position(mark),
                         "nested deeper than " + std::to_string(kMostDepth) + " levels",
                         "a project file needs fewer");
  }

  void close() {
    if (skipped_ > 0) {
      if (--skipped_ == 0) add(Node{});
      return;
    }
    Node done = std::move(frames_.back().node);
    frames_.pop_back();
    add(std::move(done));
  }

  void add(Node node) {
    if (skipped_ > 0) return;
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (Frame& top = frames_.back(); top.node.kind == Node::Kind::list) {
      top.node.items.push_back(std::move(node));
    } else if (!top.key) {
      start_member(top, std::move(node));
    } else {
      top.key->value = std::move(node);
      finish_member(top);
    }
  }

  void start_member(Frame& top, Node key) {
    if (key.kind != Node::Kind::scalar) {
      diagnostics_.error(key.at, "a key must be plain text", "write KEY: VALUE");
      key.text.clear();
    } else if (key.text == "<<" && !key.quoted) {
      diagnostics_.error(key.at, "merge keys (<<) are not allowed", "write the keys out");
      key.text.clear();
    } else if (!top.seen.insert(key.text).second) {
      diagnostics_.error(key.at, "duplicate key \"" + key.text + "\"", "keep one of them");
      key.text.clear();
    }
    top.key = Member{std::move(key.text), key.at, Node{}};
  }

  /// A refused key has no text; its value goes with it.
  void finish_member(Frame& top) {
    // yaml-cpp's mark of a value that is not there is somewhere behind it.
    if (top.key->value.kind == Node::Kind::null) top.key->value.at = top.key->at;
    if (!top.key->key.empty()) top.node.members.push_back(std::move(*top.key));
    top.key.reset();
  }

  Diagnostics& diagnostics_;
  const Marks& marks_;
  bool started_ = false;
  Position start_;
  YAML::Mark last_quoted_ = YAML::Mark::null_mark();
  int skipped_ = 0;
  std::vector<Frame> frames_;
  Node root_;
};

void refuse_rest(YAML::Parser& parser, Diagnostics& diagnostics, const Marks& marks) {
  if (!parser) return;
  Diagnostics unheard(diagnostics.file());  // the second document's own errors are of no interest
  TreeBuilder rest(unheard, marks);
  parser.HandleNextDocument(rest);
  diagnostics.error(rest.started() ? rest.start() : Position{},
                    "a second document or stray text after the first", "a file holds one document");
}

/// Does the quoted text at the front end before the file does? '' and \" do not end it.
bool is_closed(std::string_view text) noexcept {
  const char quote = text.front();
  for (size_t i = 1; i < text.size(); ++i) {
    const bool escape = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (escape) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

/// yaml-cpp lets a quote that is still open at the end of the file pass; it can only be the last one.
void refuse_open_quote(const YAML::Mark& mark, Diagnostics& diagnostics, const Marks& marks) {
  const std::string_view source = diagnostics.source();
  if (mark.is_null() || static_cast<size_t>(mark.pos) >= source.size()) return;
  const std::string_view rest = source.substr(static_cast<size_t>(mark.pos));
  if ((rest.front() == '"' || rest.front() == '\'') && !is_closed(rest))
    diagnostics.error(marks.position(mark), "not valid YAML: this quote is never closed", "close it");
}

/// The border: nothing that yaml-cpp throws leaves this function. False when the text cannot be parsed.
bool run_parser(Diagnostics& diagnostics, const Marks& marks, TreeBuilder& builder) {
  try {
    std::istringstream stream(diagnostics.source());
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    refuse_rest(parser, diagnostics, marks);
    refuse_open_quote(builder.last_quoted(), diagnostics, marks);
    return true;
  } catch (const YAML::DeepRecursion&) {
    if (diagnostics.ok()) diagnostics.error({}, "nested too deep", "a project file needs at most 16 levels");
  } catch (const YAML::Exception& problem) {
    diagnostics.error(marks.position(problem.mark), "not valid YAML: " + problem.msg,
                      "check indentation, colons and brackets here and just above");
  } catch (const std::exception& problem) {
    diagnostics.error({}, std::string("the YAML parser gave up: ") + problem.what());
  }
  return false;
}

enum class Empty { refused, allowed };

std::optional<Node> parse(Diagnostics& diagnostics, Empty empty) {
  check_text(diagnostics);
  if (!diagnostics.ok()) return std::nullopt;
  const Marks marks(diagnostics.source());
  TreeBuilder builder(diagnostics, marks);
  if (!run_parser(diagnostics, marks, builder)) return std::nullopt;
  Node root = builder.take();
  if (root.kind == Node::Kind::map) return root;
  if (root.kind == Node::Kind::null && empty == Empty::allowed && diagnostics.ok())
    return Node{Node::Kind::map};
  if (root.kind != Node::Kind::null) {
    diagnostics.error(root.at, "the file must be a map of KEY: VALUE lines", "start it with a key");
  } else if (diagnostics.ok()) {
    diagnostics.error({}, "the file is empty", "write at least one KEY: VALUE line");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Node> parse_yaml(Diagnostics& diagnostics) { return parse(diagnostics, Empty::refused); }

std::optional<Node> parse_optional_yaml(Diagnostics& diagnostics) {
  return parse(diagnostics, Empty::allowed);
}

}  // namespace fairlead::config
