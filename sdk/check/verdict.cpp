#include "verdict.hpp"

#include <array>

namespace fairlead::check {

std::string_view name(State state) noexcept {
  constexpr std::array<std::string_view, 5> kNames = {"PASS", "FAIL", "WARN", "SKIP", "CRASH"};
  return kNames.at(static_cast<size_t>(state));
}

void fail(std::string detail) { throw Ended({State::fail, std::move(detail)}); }

void skip(std::string detail) { throw Ended({State::skip, std::move(detail)}); }

void demand(bool holds, std::string_view detail) {
  if (!holds) fail(std::string(detail));
}

}  // namespace fairlead::check
