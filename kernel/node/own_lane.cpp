#include "node/own_lane.hpp"

#include "base/assert.hpp"

namespace fairlead::node {
namespace {

constexpr base::LaneId kLane{1};
constexpr base::StreamId kStream{1};
constexpr size_t kEverySlice = SIZE_MAX;

}  // namespace

OwnLane::OwnLane(std::unique_ptr<auth::Session> session, base::Random& random, base::BlockSource& memory,
                 const auth::GateLimits& limits, auth::LaneLimits lane_limits)
    : session_(std::move(session)),
      random_(random),
      memory_(memory),
      lane_limits_(lane_limits),
      ends_(fresh_ends()),
      gate_(auth::End::server, limits),
      outbox_(memory) {}

OwnLane::Ends OwnLane::fresh_ends() {
  const auth::Nonce16 lane = random_.bytes<16>(), client = random_.bytes<16>();
  const auto end = [&](auth::End of) {
    return auth::Lane(of, kLane, *session_, session_->current, lane, client, lane_limits_);
  };
  return {end(auth::End::client), end(auth::End::server)};
}

base::BlockRef OwnLane::flatten(size_t& size) {
  size = outbox_.waiting_bytes();
  base::BlockRef whole = memory_.take(size);
  size_t at = 0;
  for (const base::ByteView part : outbox_.begin_send(kEverySlice)) {
    base::copy(part, whole.get()->bytes.subspan(at));
    at += part.size();
  }
  outbox_.end_send();
  return whole;
}

base::Checked<auth::Verified<auth::Message>> OwnLane::admit(const auth::Message& message,
                                                            base::MonoTime now) {
  if (ends_.sending.wants_new_keys()) ends_ = fresh_ends();
  auth::protect_message(message, auth::End::client, *session_, ends_.sending, kStream, outbox_);
  size_t size = 0;
  const base::BlockRef whole = flatten(size);
  const frame::Limits limits{.max_block = frame::kMaxBlock, .max_body = frame::kMaxBody};
  for (size_t at = 0; at < size;) {
    const auto decoded = frame::decode(whole.get()->bytes.subspan(at, size - at), limits);
    if (!decoded) return tl::unexpected(decoded.error());
    FAIRLEAD_ASSERT(decoded->complete);
    at += decoded->frame.header.frame_size();
    auto admitted = gate_.admit(decoded->frame, whole, ends_.receiving, *session_, now);
    if (!admitted) return tl::unexpected(admitted.error());
    if (*admitted) return std::move(**admitted);
  }
  return tl::unexpected(base::Refusal::malformed);
}

}  // namespace fairlead::node
