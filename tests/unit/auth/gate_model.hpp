/// Section 6 of kernel/docs/wire.md as a model: what a server's gate must say about the next frame of a lane.
#pragma once
#include <map>
#include <optional>

#include "auth/gate.hpp"

namespace fairlead::auth {

inline constexpr GateLimits kModelLimits{.max_message = 200, .max_unfinished = 260, .max_streams = 3};

enum class Shown { right, none, wrong_name, wrong_token, wrong_signature, of_another_epoch };
enum class EpochOf { same, next, unheard_of };
enum class SequenceOf { next, used, later };

/// One frame, and everything that is wrong with it.
struct Plan {
  frame::FrameType type = frame::FrameType::data;
  // Its place on the lane.
  bool wrong_lane = false, wrong_direction = false, wrong_prefix = false;
  EpochOf epoch = EpochOf::same;
  SequenceOf sequence = SequenceOf::next;
  bool readable_on_sealed = false, flipped_bit = false;
  // What a control frame carries.
  bool with_body = false;
  // A message, or a part of one.
  bool first = true, last = true, compact = false;
  uint32_t stream = 1;
  uint64_t total = 0, body = 0;
  bool headers_not_strict = false, block_on_continuation = false;
  Shown credentials = Shown::right;
  bool foreign_origin = false;
};

/// What the gate said.
struct Judgement {
  std::optional<base::Refusal> refused;
  bool message = false;  ///< a whole one was admitted
  bool operator==(const Judgement&) const = default;
};

/// State of one lane, of its session, and the clock.
class GateModel {
 public:
  Judgement judge(const Plan& plan);

  bool revoked = false, compact_agreed = false;
  base::MonoTime now{};
  /// What is known of an epoch: until when, and whether there still are keys.
  struct Epoch {
    base::MonoTime deadline;
    bool has_secret;
  };
  std::map<uint32_t, Epoch> epochs;
  /// The lane may go on to the epoch behind its own.
  bool has_next() const;

  struct Open {
    uint64_t total, received;
  };
  const std::map<uint32_t, Open>& open() const noexcept { return open_; }

 private:
  std::optional<base::Refusal> place(const Plan& plan) const;
  std::optional<base::Refusal> begin(const Plan& plan);
  std::optional<base::Refusal> proceed(const Plan& plan);
  std::optional<base::Refusal> stream_state(const Plan& plan) const;
  std::optional<base::Refusal> credentials(const Plan& plan);
  std::optional<base::Refusal> session() const;

  uint64_t unfinished() const;

  std::map<uint32_t, Open> open_;
  uint32_t epoch_ = 0;
  std::optional<uint32_t> carried_;  // epoch of the credentials that this lane has carried
};

}  // namespace fairlead::auth
