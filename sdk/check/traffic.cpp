#include "traffic.hpp"

#include <algorithm>

#include "verdict.hpp"
#include "world.hpp"

namespace fairlead::check {
namespace {

constexpr uint8_t kPoison = 0xDD;
constexpr int kStandstillMs = 3'000;

/// "byte 17 of 32"
std::string first_difference(const Bytes& found, const Bytes& expected) {
  const auto [at, unused] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  return "byte " + std::to_string(at - found.begin()) + " of " + std::to_string(expected.size());
}

}  // namespace

Bytes random_bytes(std::mt19937_64& random, size_t size) {
  Bytes made(size);
  size_t at = 0;
  while (at < size) {
    uint64_t word = random();
    for (size_t i = 0; i < sizeof word && at < size; ++i, word >>= 8) made[at++] = static_cast<uint8_t>(word);
  }
  return made;
}

void Queue::add_sliced(std::vector<Bytes> pieces) { sliced_.push_back(std::move(pieces)); }

void Queue::step() {
  while (send_next()) {
  }
}

bool Queue::send_next() {
  // Not to be asked again before tx_done or tx_ready: that is what AGAIN means.
  if (from_.is_sending() || from_.has_ended()) return false;
  if (is_starved_ && from_.readies() == seen_readies_) return false;
  is_starved_ = false;
  if (!waiting_.empty()) {
    std::vector<Bytes> one;
    one.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    send(std::move(one));
    return true;
  }
  if (sliced_.empty()) return false;
  std::vector<Bytes> pieces = std::move(sliced_.front());
  sliced_.pop_front();
  send(std::move(pieces));
  return true;
}

void Queue::poison_when_done() {
  from_.on_tx_done = [this] {
    for (Bytes& piece : kept_.back()) std::fill(piece.begin(), piece.end(), kPoison);
  };
}

void Queue::send(std::vector<Bytes> pieces) {
  std::vector<fairlead_bytes> slices;
  Bytes whole;
  for (const Bytes& piece : pieces) {
    slices.push_back({piece.data(), piece.size()});
    whole.insert(whole.end(), piece.begin(), piece.end());
  }
  kept_.push_back(std::move(pieces));
  seen_readies_ = from_.readies();
  const fairlead_status status = from_.send(slices, ++cookie_);
  if (status == FAIRLEAD_AGAIN) {
    is_starved_ = true;
    sliced_.push_front(std::move(kept_.back()));
    kept_.pop_back();
    return;
  }
  demand(status == FAIRLEAD_OK, "send() gave " + name(status) + " on an open connection");
  expected_.insert(expected_.end(), whole.begin(), whole.end());
  if (!whole.empty()) return messages_.push_back(std::move(whole));
  demand(!from_.is_sending(), "send() with no bytes did not complete inside the call");
}

void demand_arrived(const Conn& at, const Queue& sent, bool as_messages, std::string_view direction) {
  const std::string which(direction);
  demand(at.received == sent.expected(), which + ": " + std::to_string(at.received.size()) +
                                             " bytes arrived, and they differ at " +
                                             first_difference(at.received, sent.expected()));
  if (!as_messages) return;
  std::vector<Bytes> messages = at.messages;
  std::erase_if(messages, [](const Bytes& one) { return one.empty(); });
  demand(messages == sent.messages(), which + ": " + std::to_string(sent.messages().size()) +
                                          " messages were sent, and arrived as " +
                                          std::to_string(messages.size()) + " others");
}

void exchange(Conn& near, Conn& far, Queue& forth, Queue* back, bool as_messages) {
  const auto arrived = [](const Conn& at, const Queue& sent) {
    return sent.is_done() && at.received_size() >= sent.expected().size();
  };
  const auto all = [&] {
    for (const Conn* end : {&near, &far})
      if (end->has_ended()) fail("the connection ended meanwhile with " + end->end_text());
    forth.step();
    if (back != nullptr) back->step();
    return arrived(far, forth) && (back == nullptr || arrived(near, *back));
  };
  const auto progress = [&] { return near.received_size() + far.received_size(); };
  bool came = false;
  for (size_t former = progress() + 1; !came && progress() != former;) {
    former = progress();
    came = near.world().comes(all, kStandstillMs);
  }
  demand(came, "nothing moves any more: " + std::to_string(far.received_size()) + " of " +
                   std::to_string(forth.expected().size()) + " bytes arrived" +
                   (back == nullptr ? ""
                                    : ", the other way " + std::to_string(near.received_size()) + " of " +
                                          std::to_string(back->expected().size())));
  near.world().rest();
  demand_arrived(far, forth, as_messages, "towards the listener");
  if (back != nullptr) demand_arrived(near, *back, as_messages, "towards the dialler");
}

}  // namespace fairlead::check
