#include "fuzz/renewal_model.hpp"

#include <algorithm>
#include <utility>

namespace fairlead::fuzz {

using base::Refusal;

RenewalModel::RenewalModel(base::MonoTime now) : now_(now), logged_in_(now), idle_since_(now) {
  for (End& end : ends_) end.current = {{}, now + kTokenLife};
}

const RenewalModel::Known* RenewalModel::known(const End& end, uint32_t epoch) {
  if (end.previous && end.previous->keys.epoch == epoch) return &*end.previous;
  return with_secret(end, epoch);
}

const RenewalModel::Known* RenewalModel::with_secret(const End& end, uint32_t epoch) {
  if (end.current.keys.epoch == epoch) return &end.current;
  return end.next && end.next->keys.epoch == epoch ? &*end.next : nullptr;
}

bool RenewalModel::open(size_t slot) {
  ++lanes_;
  const KeyName keys = current(auth::End::client);
  const Known* found = with_secret(server(), keys.epoch);
  if (!alive_ || found == nullptr || found->keys != keys) return false;
  if (now_ >= found->deadline || disabled_) {
    alive_ = proved_;  // nobody else can have a use for it
    return false;
  }
  confirm(keys.epoch);
  proved_ = true;
  slots_[slot] = {lanes_, {Way{keys, keys, 1, 1}, Way{keys, keys, 1, 1}}, {true, true}};
  return true;
}

void RenewalModel::close(size_t slot, auth::End at) {
  const bool was_open = std::exchange(slots_[slot].open[index(at)], false);
  if (was_open && at == auth::End::server && !has_server_lane()) idle_since_ = now_;
}

bool RenewalModel::has_server_lane() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.open[1]; });
}

Sent RenewalModel::send(size_t slot, auth::End from, Kind kind) {
  Way& way = slots_[slot].ways[1 - index(from)];
  Sent frame{
      .lane = slots_[slot].lane, .from = from, .sequence = way.sent++, .keys = way.sender, .kind = kind};
  if (kind != Kind::answer) return frame;
  frame.offered = server().next->keys;
  frame.token_life = std::chrono::duration_cast<base::Milliseconds>(server().next->deadline - now_);
  return frame;
}

Verdict RenewalModel::judge(const Slot& slot, auth::End at, const Sent& frame, Way& way) const {
  const End& here = ends_[index(at)];
  const bool switches = frame.keys.epoch == way.receiver.epoch + 1;
  const Known* next = switches ? with_secret(here, frame.keys.epoch) : nullptr;
  if (frame.lane != slot.lane) return Refusal::unknown_lane;
  if (frame.from == at) return Refusal::malformed;
  if (switches ? next == nullptr : frame.keys.epoch != way.receiver.epoch) return Refusal::old_epoch;
  if (frame.sequence < way.taken) return Refusal::replay;
  if (frame.sequence > way.taken) return Refusal::malformed;
  const KeyName keys = switches ? next->keys : way.receiver;
  if (frame.changed || frame.keys != keys) return Refusal::bad_tag;
  way.receiver = keys;
  ++way.taken;
  const Known* credentials = known(here, keys.epoch);
  if (credentials == nullptr) return Refusal::old_epoch;
  return now_ >= credentials->deadline ? Verdict(Refusal::expired) : std::nullopt;
}

Verdict RenewalModel::receive(size_t slot, auth::End at, const Sent& frame) {
  Way& way = slots_[slot].ways[index(at)];
  Verdict verdict = judge(slots_[slot], at, frame, way);
  if (!verdict && at == auth::End::server) {
    confirm(way.receiver.epoch);
    if (frame.kind == Kind::question) verdict = judge_question(slots_[slot]);
  }
  if (verdict) close(slot, at);
  return verdict;
}

Verdict RenewalModel::judge_question(const Slot& slot) {
  if (slot.ways[1].receiver.epoch != server().current.keys.epoch) return Refusal::old_epoch;
  if (now_ - asked_ >= std::chrono::seconds(10)) in_a_row_ = 0;
  if (in_a_row_ == 4) return Refusal::rate_limited;
  ++in_a_row_;
  asked_ = now_;
  if (disabled_) return Refusal::disabled;
  if (now_ >= logged_in_ + kSessionLife) return Refusal::expired;
  const KeyName offered{server().current.keys.epoch + 1, ++renewals_};
  server().next = Known{offered, std::min(now_ + kTokenLife, logged_in_ + kSessionLife)};
  return std::nullopt;
}

void RenewalModel::confirm(uint32_t epoch) {
  if (!server().next || server().next->keys.epoch != epoch) return;
  server().previous = std::exchange(server().current, *std::exchange(server().next, std::nullopt));
  renewed_ = now_;
  in_a_row_ = 0;
  for (Slot& slot : slots_)
    if (slot.open[1]) slot.ways[0].sender = server().current.keys;
}

void RenewalModel::adopt(const Sent& answer) {
  client().previous = std::exchange(client().current, Known{answer.offered, now_ + answer.token_life});
  for (Slot& slot : slots_)
    if (slot.open[0]) slot.ways[1].sender = answer.offered;
}

bool RenewalModel::is_over() const {
  if (now_ >= ends_[1].current.deadline) return true;
  const auto patience = proved_ ? std::chrono::nanoseconds(kIdle) : std::chrono::nanoseconds(kProveWithin);
  return !has_server_lane() && now_ - idle_since_ >= patience;
}

void RenewalModel::pass(base::Milliseconds time) {
  now_ += time;
  if (!alive_) return;
  if (now_ - renewed_ >= kSwitchWithin) server().previous.reset();
  if (is_over()) end_session();
}

void RenewalModel::end_session() {
  alive_ = false;
  for (size_t slot = 0; slot < kSlots; ++slot) close(slot, auth::End::server);
}

}  // namespace fairlead::fuzz
