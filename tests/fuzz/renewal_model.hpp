/// The rules of renewals and lanes of one session, as plainly as they can be said: keys are only names here.
/// F11 holds the product against it. One thread.
#pragma once
#include <array>
#include <optional>

#include "auth/link_rules.hpp"
#include "base/clock.hpp"
#include "base/refusal.hpp"

namespace fairlead::fuzz {

inline constexpr size_t kSlots = 3;  ///< lanes that there may be at the same time
inline constexpr std::chrono::hours kTokenLife{1}, kSessionLife{24};
inline constexpr std::chrono::minutes kIdle{5}, kSwitchWithin{10};
inline constexpr std::chrono::seconds kProveWithin{10};

/// Which keys of the session: each answered RENEW makes others, also for the same epoch. Login: 0, 0.
struct KeyName {
  uint32_t epoch = 0, renewal = 0;
  bool operator==(const KeyName&) const = default;
};

enum class Kind { data, question, answer };

/// What is to be known about a frame on its way.
struct Sent {
  uint32_t lane = 0;
  auth::End from = auth::End::client;
  uint64_t sequence = 0;
  KeyName keys;
  Kind kind = Kind::data;
  KeyName offered{};                ///< an answer: the keys that it makes
  base::Milliseconds token_life{};  ///< an answer: of the token in it
  bool changed = false;             ///< on the way, in its tag
};

/// Nothing: the frame must be admitted.
using Verdict = std::optional<base::Refusal>;

class RenewalModel {
 public:
  explicit RenewalModel(base::MonoTime now);

  /// The next LANE_OPEN of the session, for this slot: must it succeed?
  bool open(size_t slot);
  void close(size_t slot, auth::End at);
  Sent send(size_t slot, auth::End from, Kind kind);
  /// What must come of a frame at the lane of this slot.
  Verdict receive(size_t slot, auth::End at, const Sent& frame);
  /// The client goes on with what an answer offered.
  void adopt(const Sent& answer);
  void pass(base::Milliseconds time);
  void end_session();
  void toggle_disabled() { disabled_ = !disabled_; }

  bool is_alive() const { return alive_; }  ///< at the server
  bool is_open(size_t slot, auth::End at) const { return slots_[slot].open[index(at)]; }
  uint32_t lane_of(size_t slot) const { return slots_[slot].lane; }
  /// Of the latest epoch that an end sends under.
  KeyName current(auth::End end) const { return ends_[index(end)].current.keys; }
  bool is_waiting() const { return ends_[index(auth::End::server)].next.has_value(); }

 private:
  struct Known {
    KeyName keys;
    base::MonoTime deadline{};
  };
  struct End {
    std::optional<Known> previous, next;
    Known current;
  };
  /// One direction of a lane.
  struct Way {
    KeyName sender, receiver;
    uint64_t sent = 0, taken = 0;
  };
  struct Slot {
    uint32_t lane = 0;
    std::array<Way, 2> ways;  ///< by who receives
    std::array<bool, 2> open{};
  };
  static size_t index(auth::End end) { return end == auth::End::client ? 0 : 1; }
  End& server() { return ends_[1]; }
  End& client() { return ends_[0]; }
  static const Known* known(const End& end, uint32_t epoch);
  static const Known* with_secret(const End& end, uint32_t epoch);
  Verdict judge(const Slot& slot, auth::End at, const Sent& frame, Way& way) const;
  Verdict judge_question(const Slot& slot);
  void confirm(uint32_t epoch);
  bool is_over() const;
  bool has_server_lane() const;

  base::MonoTime now_, logged_in_, renewed_{}, idle_since_, asked_{};
  std::array<End, 2> ends_;
  std::array<Slot, kSlots> slots_;
  uint32_t lanes_ = 0, renewals_ = 0, in_a_row_ = 0;
  bool alive_ = true, proved_ = false, disabled_ = false;
};

}  // namespace fairlead::fuzz
