/// Payload to send and what has become of it.
#pragma once
#include <deque>
#include <random>
#include <string_view>
#include <vector>

#include "conn.hpp"

namespace fairlead::check {

/// Repeatable for a seed.
Bytes random_bytes(std::mt19937_64& random, size_t size);

/// Sends payloads one after the other, as fast as the plugin takes them.
class Queue {
 public:
  explicit Queue(Conn& from) : from_(from) {}
  void add(Bytes payload) { waiting_.push_back(std::move(payload)); }
  /// The payload in these pieces, which may be empty.
  void add_sliced(std::vector<Bytes> pieces);
  /// Gives payloads as long as the plugin takes them at once. Call it again and again, outside of the loop's
  /// turn.
  void step();
  bool is_done() const noexcept { return waiting_.empty() && sliced_.empty() && !from_.is_sending(); }
  /// From now on what was sent is overwritten inside tx_done().
  void poison_when_done();
  /// Everything added so far, as it has to arrive.
  const Bytes& expected() const noexcept { return expected_; }
  const std::vector<Bytes>& messages() const noexcept { return messages_; }

 private:
  bool send_next();
  void send(std::vector<Bytes> pieces);

  Conn& from_;
  std::deque<Bytes> waiting_;
  std::deque<std::vector<Bytes>> sliced_;
  std::deque<std::vector<Bytes>> kept_;  // until the end: only check send-memory judges how long it is read
  Bytes expected_;
  std::vector<Bytes> messages_;
  uint64_t cookie_ = 0;
  unsigned seen_readies_ = 0;
  bool is_starved_ = false;
};

/// Fails unless exactly this arrived: as bytes, and for a MESSAGE transport as these messages.
void demand_arrived(const Conn& at, const Queue& sent, bool as_messages, std::string_view direction);

/// Sends both queues until everything has arrived at the other ends, or nothing has for 3 s; `back` may be
/// nullptr.
void exchange(Conn& near, Conn& far, Queue& forth, Queue* back, bool as_messages);

}  // namespace fairlead::check
