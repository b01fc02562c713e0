#include "gate_plans.hpp"

#include <iterator>

namespace fairlead::auth {
namespace {

using frame::FrameType;

FrameType some_control(Dice& dice) {
  constexpr FrameType kTypes[] = {FrameType::ping,   FrameType::pong,     FrameType::renew,
                                  FrameType::error,  FrameType::goaway,   FrameType::close,
                                  FrameType::credit, FrameType::lane_open};
  return kTypes[dice.below(dice.once_in(10) ? std::size(kTypes) : 4)];
}

void start(Plan& plan, Dice& dice, const GateModel& model) {
  plan.total = dice.below(60);
  plan.last = plan.total < 2 || dice.once_in(2);
  plan.body = plan.last ? plan.total : 1 + dice.below(plan.total - 1);
  plan.compact = model.compact_agreed && dice.once_in(2);
  if (plan.compact) plan.credentials = Shown::none;
}

void go_on(Plan& plan, Dice& dice, const GateModel::Open& open) {
  const uint64_t left = open.total - open.received;
  plan.first = false;
  plan.last = left == 1 || dice.once_in(2);
  plan.body = plan.last ? left : 1 + dice.below(left - 1);
  plan.total = open.total;
}

using Mistake = void (*)(Plan&, Dice&);
constexpr Mistake kMistakes[] = {
    [](Plan& plan, Dice&) { plan.wrong_lane = true; },
    [](Plan& plan, Dice&) { plan.wrong_direction = true; },
    [](Plan& plan, Dice&) { plan.wrong_prefix = true; },
    [](Plan& plan, Dice&) { plan.epoch = EpochOf::unheard_of; },
    [](Plan& plan, Dice&) { plan.epoch = EpochOf::next; },
    [](Plan& plan, Dice&) { plan.sequence = SequenceOf::used; },
    [](Plan& plan, Dice&) { plan.sequence = SequenceOf::later; },
    [](Plan& plan, Dice&) { plan.readable_on_sealed = true; },
    [](Plan& plan, Dice&) { plan.flipped_bit = true; },
    [](Plan& plan, Dice&) { plan.headers_not_strict = true; },
    [](Plan& plan, Dice&) { plan.block_on_continuation = true; },
    [](Plan& plan, Dice&) { plan.foreign_origin = true; },
    [](Plan& plan, Dice&) { plan.compact = !plan.compact; },
    [](Plan& plan, Dice&) { plan.first = !plan.first; },
    [](Plan& plan, Dice&) { plan.last = !plan.last; },
    [](Plan& plan, Dice&) { plan.body = 0; },
    [](Plan& plan, Dice& dice) { plan.stream = static_cast<uint32_t>(1 + dice.below(5)); },
    [](Plan& plan, Dice& dice) { plan.total = dice.below(2 * kModelLimits.max_message); },
    [](Plan& plan, Dice& dice) { plan.body = dice.below(2 * kModelLimits.max_message); },
    [](Plan& plan, Dice& dice) { plan.credentials = static_cast<Shown>(dice.below(6)); },
    [](Plan& plan, Dice& dice) { plan.total = plan.body = kModelLimits.max_message + dice.below(3) - 1; },
};

}  // namespace

Plan next_plan(Dice& dice, const GateModel& model, base::MessageSecurity level) {
  Plan plan;
  plan.stream = static_cast<uint32_t>(1 + dice.below(4));
  if (dice.once_in(8)) plan.type = some_control(dice);
  plan.with_body = dice.once_in(3);
  if (model.has_next() && dice.once_in(3)) plan.epoch = EpochOf::next;
  const auto open = model.open().find(plan.stream);
  open == model.open().end() ? start(plan, dice, model) : go_on(plan, dice, open->second);
  for (const uint64_t rarity : {10u, 100u})
    if (dice.once_in(rarity)) kMistakes[dice.below(std::size(kMistakes))](plan, dice);
  if (level != base::MessageSecurity::seal) plan.readable_on_sealed = false;
  return plan;
}

}  // namespace fairlead::auth
