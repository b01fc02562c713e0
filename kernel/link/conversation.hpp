/// Conversation: one connection after login. Messages and control frames go through the lane and the gate.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/control.hpp"
#include "auth/gate.hpp"
#include "link/heartbeat.hpp"
#include "link/pipe.hpp"

namespace fairlead::link {

/// What a frame led to; at most one of these is set.
struct Arrival {
  std::optional<auth::Verified<auth::Message>> message{};
  std::optional<auth::RemoteError> error{};
  std::optional<uint64_t> pong{};         ///< number of a PING that was sent by ping()
  std::optional<base::ByteView> renew{};  ///< body of a RENEW, valid during the event
  bool goaway = false;                    ///< the peer will close soon and takes nothing new
  bool closed = false;                    ///< the peer said goodbye
};

/// Thread rule: [home]. Session and pipe outlive it.
class Conversation {
 public:
  Conversation(auth::End end, Pipe& pipe, std::unique_ptr<auth::Lane> lane, const auth::Session& session,
               const auth::GateLimits& limits);

  /// One frame of the connection. A refusal ends the connection: say so with error() and close.
  base::Checked<Arrival> take(const frame::FrameView& frame, const base::BlockRef& owner, base::MonoTime now);

  void send(const auth::Message& message);
  /// Answered by a PONG with the same number once the peer has handled everything sent before.
  void ping(uint64_t number);
  /// With `about`, the message that was refused: the connection goes on.
  void error(base::Refusal why, std::string_view text, const frame::MessageId* about);
  /// A PING each interval and the pipe's spare memory given back. `end` is what to do about a peer that is
  /// silent, or whose lane may not be used any longer; `beat` runs with each PING.
  Heartbeat::Actions heartbeat_actions(const base::Clock& clock, std::function<void(const char* why)> end,
                                       std::function<void()> beat = {});
  void goaway();
  void goodbye();

  const auth::Session& session() const noexcept { return session_; }
  /// Payload of messages that are not complete.
  uint64_t unfinished_bytes() const noexcept { return gate_.unfinished_bytes(); }
  base::MessageSecurity level() const noexcept { return lane_->level(); }
  auth::Lane& lane() noexcept { return *lane_; }

 private:
  base::Checked<Arrival> take_control(const frame::FrameView& frame);
  /// Why the lane may not be used any longer; nullptr when it may.
  const char* is_over(base::MonoTime now) const noexcept;

  auth::End end_;
  Pipe& pipe_;
  std::unique_ptr<auth::Lane> lane_;
  const auth::Session& session_;
  auth::Gate gate_;
};

}  // namespace fairlead::link
