/// What a check finds, and how its body says so: by returning, or by throwing Ended from any depth of the
/// kit's own code. Never throw it from a function that a plugin calls; see Rules in world.hpp.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace fairlead::check {

enum class State { pass, fail, warn, skip, crash };

/// The name that the output uses: "PASS" ...
std::string_view name(State state) noexcept;

struct Verdict {
  State state = State::pass;
  std::string detail{};  ///< what was tried, found and expected; may be empty for pass
};

/// Ends a check's body with a verdict.
class Ended : public std::exception {
 public:
  explicit Ended(Verdict verdict) : verdict_(std::move(verdict)) {}
  const Verdict& verdict() const noexcept { return verdict_; }
  const char* what() const noexcept override { return verdict_.detail.c_str(); }

 private:
  Verdict verdict_;
};

[[noreturn]] void fail(std::string detail);
[[noreturn]] void skip(std::string detail);
/// Fails with `detail` unless it holds.
void demand(bool holds, std::string_view detail);

}  // namespace fairlead::check
