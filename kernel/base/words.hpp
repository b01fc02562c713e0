/// Small work on words that several rooms print or compare. Pure.
#pragma once
#include <string>

namespace fairlead::base {

/// "a, b, c"; empty for an empty range. For ranges of texts.
template <class Range>
std::string joined(const Range& words) {
  std::string all;
  for (const auto& word : words) {
    if (!all.empty()) all += ", ";
    all += word;
  }
  return all;
}

/// ASCII letters in lower case, every other byte as it is, whatever the locale.
inline std::string lower_case(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

}  // namespace fairlead::base
