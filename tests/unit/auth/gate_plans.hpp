/// Frames of a client that mostly keeps the rules, for a gate and its model.
#pragma once
#include <random>

#include "gate_model.hpp"

namespace fairlead::auth {

/// Decisions, the same in every run with one seed.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t bound) { return engine_() % bound; }
  bool once_in(uint64_t number) { return below(number) == 0; }

 private:
  std::mt19937_64 engine_;
};

/// The next frame for a gate in the state of `model`, with up to two mistakes in it: the first one in the
/// order of the page counts.
Plan next_plan(Dice& dice, const GateModel& model, base::MessageSecurity level);

}  // namespace fairlead::auth
