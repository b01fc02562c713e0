#include "auth/gate.hpp"

#include "auth/control.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FrameType;

bool has_credentials(const frame::MessageHeaders& headers) noexcept {
  return !headers.client_name.empty() || !headers.token.empty() || !headers.token_signature.empty();
}

/// All three are compared, always: the time tells nothing about which one was wrong.
bool are_of(const frame::MessageHeaders& headers, std::string_view participant,
            const Credentials& credentials) noexcept {
  const bool name =
      crypto::constant_time_equal(base::as_bytes(headers.client_name), base::as_bytes(participant));
  const bool token = crypto::constant_time_equal(headers.token, credentials.token);
  const bool signature = crypto::constant_time_equal(headers.token_signature, credentials.token_signature);
  return static_cast<int>(name) + static_cast<int>(token) + static_cast<int>(signature) == 3;
}

bool is_control(FrameType type) noexcept {
  switch (type) {
    case FrameType::ping:
    case FrameType::pong:
    case FrameType::renew:
    case FrameType::goaway:
    case FrameType::close:
    case FrameType::error:
      return true;
    default:
      return false;
  }
}

}  // namespace

Checked<std::optional<Verified<Message>>> Gate::admit(const frame::FrameView& frame,
                                                      const base::BlockRef& owner, Lane& lane,
                                                      const Session& session, base::MonoTime now) {
  if (frame.header.type != FrameType::data) return tl::unexpected(Refusal::wrong_state);
  FAIRLEAD_TRY(lane.open(frame, session));
  return frame.header.has(frame::kFirst) ? begin(frame, owner, session, now)
                                         : proceed(frame, owner, session, now);
}

Checked<void> Gate::admit_control(const frame::FrameView& frame, Lane& lane, const Session& session,
                                  base::MonoTime now) {
  const FrameType type = frame.header.type;
  if (!is_control(type)) return tl::unexpected(Refusal::wrong_state);
  FAIRLEAD_TRY(lane.open(frame, session));
  if (type == FrameType::goaway || type == FrameType::close) FAIRLEAD_TRY(decode_empty(frame.body));
  return check_session(frame.header.epoch, session, now);
}

Gate::Outcome Gate::begin(const frame::FrameView& frame, const base::BlockRef& owner, const Session& session,
                          base::MonoTime now) {
  FAIRLEAD_TRY(const frame::MessageHeaders headers, frame::decode_message_headers(frame.block));
  FAIRLEAD_TRY(check_start(frame, headers.total_length));
  FAIRLEAD_TRY(check_credentials(frame.header, headers, session));
  FAIRLEAD_TRY(check_session(frame.header.epoch, session, now));
  if (end_ == End::server && !session.endpoint.covers(headers.from))
    return tl::unexpected(Refusal::bad_origin);
  Message message{headers, {frame.block, owner}, {frame.body, owner}, {}};
  if (frame.header.has(frame::kLast)) return Verified<Message>(std::move(message));
  unfinished_ += frame.body.size();
  open_.emplace(frame.header.stream.value, Open{std::move(message), frame.body.size()});
  return std::nullopt;
}

Gate::Outcome Gate::proceed(const frame::FrameView& frame, const base::BlockRef& owner,
                            const Session& session, base::MonoTime now) {
  const auto at = open_.find(frame.header.stream.value);
  if (at == open_.end()) return tl::unexpected(Refusal::malformed);
  FAIRLEAD_TRY(check_next(frame, at->second));
  FAIRLEAD_TRY(check_session(frame.header.epoch, session, now));
  Open& open = at->second;
  open.message.rest.push_back({frame.body, owner});
  open.received += frame.body.size();
  unfinished_ += frame.body.size();
  if (!frame.header.has(frame::kLast)) return std::nullopt;
  unfinished_ -= open.received;
  Message message = std::move(open.message);
  open_.erase(at);
  return Verified<Message>(std::move(message));
}

Checked<void> Gate::check_start(const frame::FrameView& frame, uint64_t total) const {
  const size_t size = frame.body.size();
  if (open_.contains(frame.header.stream.value)) return tl::unexpected(Refusal::malformed);
  if (total > limits_.max_message) return tl::unexpected(Refusal::too_large);
  if (frame.header.has(frame::kLast))
    return size == total ? Checked<void>() : tl::unexpected(Refusal::malformed);
  // A frame without payload would buy a place among the open streams for nothing.
  if (size == 0 || size >= total) return tl::unexpected(Refusal::malformed);
  const bool fits = open_.size() < limits_.max_streams && unfinished_ + size <= limits_.max_unfinished;
  return fits ? Checked<void>() : tl::unexpected(Refusal::too_large);
}

Checked<void> Gate::check_next(const frame::FrameView& frame, const Open& open) const {
  const uint64_t total = open.message.headers.total_length, received = open.received + frame.body.size();
  const bool plain = frame.block.empty() && !frame.header.has(frame::kCompact) && !frame.body.empty();
  if (!plain || received > total || frame.header.has(frame::kLast) != (received == total))
    return tl::unexpected(Refusal::malformed);
  // The last frame ends what is unfinished, so it cannot exceed the cap.
  const bool fits =
      frame.header.has(frame::kLast) || unfinished_ + frame.body.size() <= limits_.max_unfinished;
  return fits ? Checked<void>() : tl::unexpected(Refusal::too_large);
}

Checked<void> Gate::check_session(base::Epoch epoch, const Session& session, base::MonoTime now) const {
  if (session.revoked) return tl::unexpected(Refusal::revoked);
  const Credentials* credentials = session.of(epoch);
  if (credentials == nullptr) return tl::unexpected(Refusal::old_epoch);
  if (now >= credentials->deadline) return tl::unexpected(Refusal::expired);
  return {};
}

Checked<void> Gate::check_credentials(const frame::Header& header, const frame::MessageHeaders& headers,
                                      const Session& session) {
  const bool compact = header.has(frame::kCompact);
  if (end_ == End::client) {
    const bool clean = !compact && !has_credentials(headers);
    return clean ? Checked<void>() : tl::unexpected(Refusal::bad_headers);
  }
  if (compact) {
    const bool allowed =
        session.compact_headers && seen_credentials_ == header.epoch && !has_credentials(headers);
    return allowed ? Checked<void>() : tl::unexpected(Refusal::bad_token);
  }
  const Credentials* credentials = session.of(header.epoch);
  if (credentials == nullptr) return tl::unexpected(Refusal::old_epoch);
  if (!are_of(headers, session.participant(), *credentials)) return tl::unexpected(Refusal::bad_token);
  seen_credentials_ = header.epoch;
  return {};
}

}  // namespace fairlead::auth
