#include "config/diagnostics.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::config {
namespace {

constexpr size_t kMostPrinted = 50;
constexpr size_t kMostKept = 1000;
/// Characters of a long source line that are shown, and how many of them stand before the caret.
constexpr int kWindow = 110;
constexpr int kBeforeCaret = 70;

/// `text` without its first `characters` characters.
std::string_view drop(std::string_view text, int characters) noexcept {
  for (; characters > 0 && !text.empty(); --characters)
    text.remove_prefix(std::min(character_size(text.front()), text.size()));
  return text;
}

/// Control characters would move the caret or the terminal: shown as '?', tabs as one blank.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c == '\t') {
      c = ' ';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      c = '?';
    }
  return out;
}

}  // namespace

size_t character_size(char lead) noexcept {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

Diagnostics::Diagnostics(std::string file, std::string source)
    : file_(std::move(file)), source_(std::move(source)) {}

void Diagnostics::error(Position at, std::string text, std::string hint) {
  if (errors_.size() >= kMostKept) {
    ++dropped_;
    return;
  }
  Diagnostic added{at, std::move(text), std::move(hint)};
  const auto place = std::upper_bound(errors_.begin(), errors_.end(), added,
                                      [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
  errors_.insert(place, std::move(added));
}

void Diagnostics::error(Position at, const base::Error& cause) { error(at, cause.text, cause.hint); }

std::string Diagnostics::where(Position at) const { return file_ + ":" + std::to_string(at.line); }

std::string Diagnostics::origin(Position at) const { return where(at) + ":" + std::to_string(at.column); }

std::string_view Diagnostics::source_line(int line) const noexcept {
  std::string_view rest = source_;
  for (; line > 1; --line) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  std::string_view found = rest.substr(0, rest.find('\n'));
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

std::string Diagnostics::excerpt(Position at) const {
  const std::string_view line = source_line(at.line);
  if (line.empty()) return {};
  const int skipped = std::max(0, at.column - 1 - kBeforeCaret);
  const std::string_view window = drop(line, skipped);
  const std::string_view shown = window.substr(0, window.size() - drop(window, kWindow).size());
  return "    " + printable(shown) + "\n    " +
         std::string(static_cast<size_t>(at.column - 1 - skipped), ' ') + "^\n";
}

std::string Diagnostics::print() const {
  std::string out;
  for (size_t i = 0; i < std::min(errors_.size(), kMostPrinted); ++i) {
    const Diagnostic& one = errors_[i];
    out += origin(one.at) + ": " + printable(one.text) +
           (one.hint.empty() ? "" : "; " + printable(one.hint)) + "\n" + excerpt(one.at);
  }
  if (errors_.size() > kMostPrinted)
    out += file_ + ":1:1: " + std::to_string(errors_.size() - kMostPrinted + dropped_) + " more errors\n";
  return out;
}

base::Error Diagnostics::first() const {
  FAIRLEAD_ASSERT(!errors_.empty());
  const Diagnostic& one = errors_.front();
  const size_t others = errors_.size() - 1 + dropped_;
  std::string more;
  if (others > 0) more = " (and " + std::to_string(others) + " more error" + (others > 1 ? "s)" : ")");
  return {base::ErrorCode::bad_configuration, printable(one.text) + more, printable(one.hint),
          origin(one.at)};
}

}  // namespace fairlead::config
