// F2: the gate behind a lane whose tags are right: whoever has a session may send anything. The client's half
// of the lane protects what the input says, so that the tag stops nothing and no check of the product is left
// out.
#include "auth/gate.hpp"
#include "base/assert.hpp"
#include "crypto/digest.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

constexpr size_t kMostFrames = 64;
constexpr auth::GateLimits kLimits{.max_message = 4096, .max_unfinished = 1024, .max_streams = 4};

class HeapBlocks final : public base::BlockSource {
 public:
  base::BlockRef take(size_t at_least) override { return base::move_to_slice(base::Bytes(at_least)).owner; }
};

/// What every renewal of the session gives, the same in every run.
auth::Credentials credentials_of(base::Epoch epoch) {
  base::ByteArray<4> number;
  base::store_be(number, epoch.value);
  auth::Credentials credentials;
  credentials.epoch = epoch;
  credentials.token = base::to_bytes("a token ");
  base::append(credentials.token, number);
  credentials.token_signature = base::to_bytes("and its signature");
  credentials.secret = base::Secret(crypto::sha256({base::as_bytes("secret"), number}));
  credentials.deadline = base::MonoTime(std::chrono::hours(1 + epoch.value));
  return credentials;
}

auth::Session a_session(bool compact) {
  auth::Session session;
  session.id = {0x40, 0x41, 0x42};
  session.endpoint = *base::Endpoint::parse("site-1");
  session.current = credentials_of(base::Epoch(0));
  session.compact_headers = compact;
  return session;
}

/// Both ends of one lane, and what has been admitted.
class Gated {
 public:
  Gated(auth::End sender, bool compact)
      : session_(a_session(compact)),
        sending_(sender, base::LaneId(1), session_, {1}, {2}),
        receiving_(other(sender), base::LaneId(1), session_, {1}, {2}),
        gate_(other(sender), kLimits) {}

  /// One frame of the input's making; false once the connection would have ended.
  bool step(Input& input) {
    const uint8_t decisions = input.byte();
    const bool data = (decisions & 0x80) == 0;
    if ((decisions & 0x40) != 0) now_ += std::chrono::milliseconds(1) * (1u << input.byte() % 23);
    if ((decisions & 0x20) != 0) session_.revoked = true;
    sending_.raise_level((decisions & 0x10) != 0 ? base::MessageSecurity::seal : base::MessageSecurity::mac);
    renew(decisions);
    if (!(data ? send_data(input, decisions) : send_control(input))) return false;
    if (session_.next && session_.next->epoch == receiving_.incoming_epoch()) confirm();
    return true;
  }

 private:
  static auth::End other(auth::End end) {
    return end == auth::End::client ? auth::End::server : auth::End::client;
  }

  /// At either end by itself: a renewal that waits, one that another lane confirmed, and a sender that goes
  /// on.
  void renew(uint8_t decisions) {
    if ((decisions & 0x01) != 0 && session_.next) confirm();
    if ((decisions & 0x02) != 0) session_.next = credentials_of(session_.current.epoch.next());
    if ((decisions & 0x04) != 0) sending_.switch_outgoing(credentials_of(sending_.outgoing_epoch().next()));
  }
  void confirm() {
    session_.renew(std::move(*session_.next), now_);
    session_.next.reset();
  }

  bool send_data(Input& input, uint8_t decisions) {
    const uint8_t flags = input.byte() & (frame::kFirst | frame::kLast | frame::kCompact);
    const base::StreamId stream(input.byte() % 8);
    base::Bytes block;
    const auth::Credentials credentials = credentials_of(sending_.outgoing_epoch());
    if ((decisions & 0x08) != 0)
      frame::append_credentials(block, session_.participant(), credentials.token,
                                credentials.token_signature);
    base::append(block, input.piece());
    const base::Bytes body(input.number() % 2048, 'x');
    protect(frame::FrameType::data, flags, stream, block, body);
    bool alive = false;
    each_frame([&](const frame::FrameView& frame, const base::BlockRef& owner) {
      const auto admitted = gate_.admit(frame, owner, receiving_, session_, now_);
      alive = admitted.has_value();
      if (alive && *admitted) check_admitted(**admitted);
    });
    FAIRLEAD_ASSERT(gate_.unfinished_bytes() <= kLimits.max_unfinished);
    return alive;
  }

  bool send_control(Input& input) {
    const auto type = static_cast<frame::FrameType>(input.byte() % 14);
    const base::Bytes body = base::to_bytes(input.piece());
    protect(type, 0, {}, {}, body);
    bool alive = false;
    each_frame([&](const frame::FrameView& frame, const base::BlockRef&) {
      alive = gate_.admit_control(frame, receiving_, session_, now_).has_value();
    });
    return alive;
  }

  void check_admitted(const auth::Verified<auth::Message>& message) const {
    FAIRLEAD_ASSERT(message->payload_size() == message->headers.total_length);
    FAIRLEAD_ASSERT(message->headers.total_length <= kLimits.max_message);
    const auth::Credentials* credentials = session_.of(receiving_.incoming_epoch());
    FAIRLEAD_ASSERT(!session_.revoked && credentials != nullptr && now_ < credentials->deadline);
    if (receiving_.end() == auth::End::client) {
      FAIRLEAD_ASSERT(message->headers.token.empty() && message->headers.client_name.empty());
      return;
    }
    FAIRLEAD_ASSERT(session_.endpoint.covers(message->headers.from));
    const bool full = base::equal(message->headers.token, credentials->token);
    FAIRLEAD_ASSERT(full || (session_.compact_headers && message->headers.token.empty()));
  }

  void protect(frame::FrameType type, uint8_t flags, base::StreamId stream, base::ByteView block,
               base::ByteView body) {
    const base::Slice content = base::copy_to_slice(body);
    sending_.protect(type, flags, stream, block, {}, {&content, 1}, out_);
  }

  /// Nothing when not even the frame can be read.
  template <class Body>
  void each_frame(Body body) {
    base::Bytes bytes;
    for (const base::ByteView part : out_.begin_send(SIZE_MAX)) base::append(bytes, part);
    out_.end_send();
    const base::BlockRef owner = base::move_to_slice(std::move(bytes)).owner;
    const auto decoded = frame::decode(owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody});
    if (decoded && decoded->complete) body(decoded->frame, owner);
  }

  HeapBlocks memory_;
  frame::Outbox out_{memory_};
  base::MonoTime now_{};
  auth::Session session_;
  auth::Lane sending_, receiving_;
  auth::Gate gate_;
};

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fairlead;
  fuzz::Input input(data, size);
  const uint8_t setting = input.byte();
  fuzz::Gated gated((setting & 1) != 0 ? auth::End::server : auth::End::client, (setting & 2) != 0);
  for (size_t i = 0; i < fuzz::kMostFrames && !input.is_over() && gated.step(input); ++i) {
  }
  return 0;
}
