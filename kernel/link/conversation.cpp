#include "link/conversation.hpp"

namespace fairlead::link {
namespace {

// The frames of a message leave one after another, so one stream is enough for everything a link sends.
constexpr base::StreamId kStream{1};
constexpr size_t kRoomAfterLogin = 256u << 10;
constexpr std::chrono::minutes kSwitchWithin{10};  // to a new epoch, in both directions

}  // namespace

Conversation::Conversation(auth::End end, Pipe& pipe, std::unique_ptr<auth::Lane> lane,
                           const auth::Session& session, const auth::GateLimits& limits)
    : end_(end), pipe_(pipe), lane_(std::move(lane)), session_(session), gate_(end, limits) {
  pipe_.set_limits({.max_block = frame::kMaxBlock, .max_body = frame::kMaxBody});
  pipe_.set_room(kRoomAfterLogin);
}

base::Checked<Arrival> Conversation::take(const frame::FrameView& frame, const base::BlockRef& owner,
                                          base::MonoTime now) {
  if (frame.header.type == frame::FrameType::data) {
    auto admitted = gate_.admit(frame, owner, *lane_, session_, now);
    if (!admitted) return tl::unexpected(admitted.error());
    return Arrival{.message = std::move(*admitted)};
  }
  if (const auto passed = gate_.admit_control(frame, *lane_, session_, now); !passed)
    return tl::unexpected(passed.error());
  return take_control(frame);
}

base::Checked<Arrival> Conversation::take_control(const frame::FrameView& frame) {
  switch (frame.header.type) {
    case frame::FrameType::ping: {
      const auto number = auth::decode_ping(frame.body);
      if (!number) return tl::unexpected(number.error());
      auth::append_pong(*number, *lane_, pipe_.outbox());
      pipe_.flush_soon();
      return Arrival{};
    }
    case frame::FrameType::pong: {
      const auto number = auth::decode_ping(frame.body);
      if (!number) return tl::unexpected(number.error());
      return Arrival{.pong = *number};
    }
    case frame::FrameType::error: {
      auto error = auth::decode_error(frame.body);
      if (!error) return tl::unexpected(error.error());
      return Arrival{.error = std::move(*error)};
    }
    case frame::FrameType::renew:
      return Arrival{.renew = frame.body};
    case frame::FrameType::goaway:
      return Arrival{.goaway = true};
    case frame::FrameType::close:
      return Arrival{.closed = true};
    default:
      return tl::unexpected(base::Refusal::wrong_state);
  }
}

void Conversation::send(const auth::Message& message) {
  auth::protect_message(message, end_, session_, *lane_, kStream, pipe_.outbox());
  pipe_.flush_soon();
}

void Conversation::ping(uint64_t number) {
  auth::append_ping(number, *lane_, pipe_.outbox());
  pipe_.flush_soon();
}

void Conversation::error(base::Refusal why, std::string_view text, const frame::MessageId* about) {
  auth::append_error(why, text, about, lane_.get(), pipe_.outbox());
  pipe_.flush_soon();
}

const char* Conversation::is_over(base::MonoTime now) const noexcept {
  if (lane_->is_nearly_used_up()) return "the keys of this connection are used up";
  const base::Epoch current = session_.current.epoch;
  const bool switched = lane_->incoming_epoch() == current && lane_->outgoing_epoch() == current;
  if (!switched && now - session_.renewed >= kSwitchWithin)
    return "it did not move to the session's new keys";
  return nullptr;
}

Heartbeat::Actions Conversation::heartbeat_actions(const base::Clock& clock,
                                                   std::function<void(const char* why)> end,
                                                   std::function<void()> beat) {
  return {.received = [this] { return pipe_.received_bytes(); },
          .beat =
              [this, &clock, end, beat = std::move(beat)] {
                if (const char* why = is_over(clock.mono())) return end(why);
                if (beat) beat();
                pipe_.trim();
                ping(0);
              },
          .dead = [end = std::move(end)] { end("no heartbeat"); }};
}

void Conversation::goaway() {
  auth::append_goaway(*lane_, pipe_.outbox());
  pipe_.flush_soon();
}

void Conversation::goodbye() {
  auth::append_close(*lane_, pipe_.outbox());
  pipe_.flush_soon();
}

}  // namespace fairlead::link
