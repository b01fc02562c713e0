/// Runs checks, each in a process of its own, and collects what they found.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "check.hpp"

namespace fairlead::check {

struct Outcome {
  const Check* check = nullptr;
  std::string configuration;  ///< empty for a check of the plugin as a whole
  Verdict verdict;
  std::chrono::milliseconds took{};
};

enum class Isolation { process, none };

struct Plan {
  std::filesystem::path plugin;  ///< absolute
  Setup setup;
  std::vector<const Check*> checks;
  uint64_t seed = 1;
  Isolation isolation = Isolation::process;
};

/// Calls `report` after each run, in order. Throws SetupError when the kit cannot work here at all.
std::vector<Outcome> run(const Plan& plan, const std::function<void(const Outcome&)>& report);

}  // namespace fairlead::check
