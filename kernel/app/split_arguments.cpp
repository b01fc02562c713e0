#include "app/split_arguments.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kHint = "write --on 'TOPIC=COMMAND ARGUMENT...', blanks inside quotes";

tl::unexpected<base::Error> bad(std::string what) {
  return base::fail(base::ErrorCode::bad_arguments, std::move(what), std::string(kHint));
}

/// Reads one text character by character.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  base::Result<std::vector<std::string>> split() {
    for (; at_ < text_.size(); ++at_) FAIRLEAD_TRY(take(text_[at_]));
    if (quote_ != '\0') return bad("a quote is open at the end of \"" + std::string(text_) + "\"");
    end_word();
    if (words_.empty()) return bad("the command is empty");
    return std::move(words_);
  }

 private:
  base::Status take(char c) {
    if (c == '\\' && quote_ != '\'') {
      if (++at_ == text_.size())
        return bad("nothing follows the last backslash of \"" + std::string(text_) + "\"");
      put(text_[at_]);
    } else if (quote_ != '\0') {
      c == quote_ ? void(quote_ = '\0') : put(c);
    } else if (c == '\'' || c == '"') {
      quote_ = c;
      in_word_ = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      end_word();
    } else {
      put(c);
    }
    return {};
  }
  void put(char c) {
    word_ += c;
    in_word_ = true;
  }
  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  std::string_view text_;
  size_t at_ = 0;
  char quote_ = '\0';
  bool in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

base::Result<std::vector<std::string>> split_arguments(std::string_view command) {
  return Splitter(command).split();
}

base::Result<std::pair<std::string, std::vector<std::string>>> split_handler(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return bad("--on \"" + std::string(argument) + "\" names no topic");
  FAIRLEAD_TRY(std::vector<std::string> words, split_arguments(argument.substr(equals + 1)));
  return std::pair(std::string(argument.substr(0, equals)), std::move(words));
}

}  // namespace fairlead::app
