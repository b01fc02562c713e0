#include "gate_model.hpp"

namespace fairlead::auth {

using base::Refusal;
using frame::FrameType;
using Answer = std::optional<Refusal>;

Judgement GateModel::judge(const Plan& plan) {
  const bool control = plan.type != FrameType::data;
  if (plan.type == FrameType::credit || plan.type == FrameType::lane_open) return {Refusal::wrong_state};
  if (const Answer wrong = place(plan)) return {wrong};
  if (plan.epoch == EpochOf::next) ++epoch_;
  if (control) {
    const bool empty = plan.type == FrameType::close || plan.type == FrameType::goaway;
    if (empty && plan.with_body) return {Refusal::bad_headers};
    return {session()};
  }
  if (const Answer wrong = plan.first ? begin(plan) : proceed(plan)) return {wrong};
  return {std::nullopt, plan.last};
}

Answer GateModel::place(const Plan& plan) const {
  if (plan.wrong_lane) return Refusal::unknown_lane;
  if (plan.wrong_direction || plan.wrong_prefix) return Refusal::malformed;
  if (plan.epoch == EpochOf::unheard_of || (plan.epoch == EpochOf::next && !has_next()))
    return Refusal::old_epoch;
  if (plan.sequence == SequenceOf::used) return Refusal::replay;
  if (plan.sequence == SequenceOf::later) return Refusal::malformed;
  if (plan.readable_on_sealed) return Refusal::security_floor;
  if (plan.flipped_bit) return Refusal::bad_tag;
  return std::nullopt;
}

Answer GateModel::begin(const Plan& plan) {
  if (plan.headers_not_strict) return Refusal::bad_headers;
  if (const Answer wrong = stream_state(plan)) return wrong;
  if (const Answer wrong = credentials(plan)) return wrong;
  if (const Answer wrong = session()) return wrong;
  if (plan.foreign_origin) return Refusal::bad_origin;
  if (!plan.last) open_[plan.stream] = {plan.total, plan.body};
  return std::nullopt;
}

Answer GateModel::stream_state(const Plan& plan) const {
  if (open_.contains(plan.stream)) return Refusal::malformed;
  if (plan.total > kModelLimits.max_message) return Refusal::too_large;
  if (plan.last) return plan.body == plan.total ? Answer() : Refusal::malformed;
  if (plan.body == 0 || plan.body >= plan.total) return Refusal::malformed;
  const bool room = open_.size() < kModelLimits.max_streams;
  return room && unfinished() + plan.body <= kModelLimits.max_unfinished ? Answer() : Refusal::too_large;
}

Answer GateModel::credentials(const Plan& plan) {
  if (plan.compact) {
    const bool allowed = compact_agreed && carried_ == epoch_ && plan.credentials == Shown::none;
    return allowed ? Answer() : Refusal::bad_token;
  }
  if (!epochs.contains(epoch_)) return Refusal::old_epoch;
  if (plan.credentials != Shown::right) return Refusal::bad_token;
  carried_ = epoch_;
  return std::nullopt;
}

Answer GateModel::proceed(const Plan& plan) {
  const auto at = open_.find(plan.stream);
  if (at == open_.end()) return Refusal::malformed;
  const uint64_t received = at->second.received + plan.body;
  if (plan.block_on_continuation || plan.compact || plan.body == 0) return Refusal::malformed;
  if (received > at->second.total || plan.last != (received == at->second.total)) return Refusal::malformed;
  if (!plan.last && unfinished() + plan.body > kModelLimits.max_unfinished) return Refusal::too_large;
  if (const Answer wrong = session()) return wrong;
  at->second.received = received;
  if (plan.last) open_.erase(at);
  return std::nullopt;
}

Answer GateModel::session() const {
  if (revoked) return Refusal::revoked;
  const auto known = epochs.find(epoch_);
  if (known == epochs.end()) return Refusal::old_epoch;
  return now >= known->second.deadline ? Answer(Refusal::expired) : Answer();
}

bool GateModel::has_next() const {
  const auto next = epochs.find(epoch_ + 1);
  return next != epochs.end() && next->second.has_secret;
}

uint64_t GateModel::unfinished() const {
  uint64_t sum = 0;
  for (const auto& [stream, open] : open_) sum += open.received;
  return sum;
}

}  // namespace fairlead::auth
