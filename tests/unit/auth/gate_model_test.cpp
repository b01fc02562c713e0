// A million frames in ten runs, good and bad, one after another: the gate says of each what the model says.
#include "crypto/digest.hpp"
#include "frame/tlv.hpp"
#include "gate_plans.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::MessageSecurity;
using frame::FrameType;

#ifdef __SANITIZE_THREAD__
constexpr int kFrames = 5'000;  // one thread, and a tenth of the speed
#else
constexpr int kFrames = 100'000;
#endif
constexpr auto kLife = std::chrono::hours(1);

/// What a renewal gives. The client has it before the server, if the server ever has it.
Credentials credentials_of(base::Epoch epoch) {
  base::ByteArray<4> number;
  base::store_be(number, epoch.value);
  Credentials made;
  made.epoch = epoch;
  made.token = base::to_bytes("the token ");
  base::append(made.token, number);
  made.token_signature = base::to_bytes("and its signature");
  made.secret = base::Secret(crypto::sha256({base::as_bytes("secret"), number}));
  return made;
}

Session first_session() {
  Session session;
  session.id = {0x40, 0x41, 0x42};
  session.endpoint = must(base::Endpoint::parse(kSite));
  session.current = credentials_of(base::Epoch(0));
  session.current.deadline = base::MonoTime(kLife);
  return session;
}

/// One lane with its gate, and a client that makes whatever the plan says.
class Played {
 public:
  explicit Played(Dice& dice) : dice_(dice) {
    session_.compact_headers = model_.compact_agreed = dice.once_in(2);
    level_ = dice.once_in(2) ? MessageSecurity::seal : MessageSecurity::mac;
    client_.raise_level(level_);
    server_.raise_level(level_);
  }

  /// The next frame; false when the model and the gate do not agree.
  bool step() {
    meanwhile();
    model_.revoked = session_.revoked;
    model_.now = now_;
    model_.epochs = known_epochs();
    Plan plan = next_plan(dice_, model_, level_);
    if (accepted_ == 0 && plan.sequence == SequenceOf::used) plan.sequence = SequenceOf::next;
    const Judgement expected = model_.judge(plan), said = gate_says(plan);
    ended_ = said.refused.has_value();
    ++accepted_;
    if (!ended_ && session_.next && session_.next->epoch == server_.incoming_epoch()) confirm();
    EXPECT_EQ(said.refused, expected.refused) << describe(plan);
    EXPECT_EQ(said.message, expected.message) << describe(plan);
    return said == expected;
  }
  bool ended() const noexcept { return ended_; }

 private:
  /// What happens to the session beside this lane.
  void meanwhile() {
    if (dice_.once_in(2000)) session_.revoked = true;
    if (dice_.once_in(500)) now_ += std::chrono::minutes(dice_.below(30));
    if (dice_.once_in(2000)) now_ = session_.current.deadline - std::chrono::nanoseconds(dice_.below(2));
    if (dice_.once_in(50) && !session_.next) {
      session_.next = credentials_of(session_.current.epoch.next());
      session_.next->deadline = now_ + kLife;
    }
    if (dice_.once_in(200) && session_.next) confirm();  // by a frame of another lane
    if (dice_.once_in(500)) session_.previous.reset();
  }

  void confirm() {
    session_.renew(std::move(*session_.next), now_);
    session_.next.reset();
  }

  std::map<uint32_t, GateModel::Epoch> known_epochs() const {
    std::map<uint32_t, GateModel::Epoch> known;
    const auto add = [&](const Credentials& one) {
      known[one.epoch.value] = {one.deadline, !one.secret.empty()};
    };
    add(session_.current);
    if (session_.next) add(*session_.next);
    if (session_.previous) add(*session_.previous);
    return known;
  }

  Bytes block_of(const Plan& plan) const {
    Bytes block;
    if (!plan.first && !plan.block_on_continuation) return block;
    const auto changed = [](Bytes bytes) { return bytes.back() ^= 1, bytes; };
    const base::Epoch epoch = client_.outgoing_epoch();
    const Credentials right =
        credentials_of(plan.credentials == Shown::of_another_epoch ? epoch.next() : epoch);
    const Bytes token = plan.credentials == Shown::wrong_token ? changed(right.token) : right.token;
    const Bytes signature =
        plan.credentials == Shown::wrong_signature ? changed(right.token_signature) : right.token_signature;
    const bool name = plan.credentials != Shown::wrong_name;
    if (plan.credentials != Shown::none)
      frame::append_credentials(block, name ? kSite : std::string_view("site-2"), token, signature);
    Message message = compose(a_draft());
    message.headers.from = plan.foreign_origin ? "site-2" : kSite;
    message.headers.total_length = plan.total;
    frame::append_portable(block, message.headers);
    if (plan.headers_not_strict) block.push_back(0);
    return block;
  }

  Bytes protect(const Plan& plan) {
    if (plan.epoch == EpochOf::next) client_.switch_outgoing(credentials_of(client_.outgoing_epoch().next()));
    if (plan.sequence == SequenceOf::later) static_cast<void>(protected_frame(plan));
    Bytes frame = protected_frame(plan);
    if (plan.sequence == SequenceOf::used)
      base::store_be(base::MutableByteView(frame).subspan(16), dice_.below(accepted_));
    spoil_header(plan, frame);
    if (plan.flipped_bit) flip(frame);
    return frame;
  }

  Bytes protected_frame(const Plan& plan) {
    const bool data = plan.type == FrameType::data;
    const uint8_t flags =
        static_cast<uint8_t>((plan.first ? frame::kFirst : 0) | (plan.last ? frame::kLast : 0) |
                             (plan.compact ? frame::kCompact : 0));
    Bytes body(data ? plan.body : 0, 'x');
    if (!data && plan.with_body) frame::append_tlv(body, 0x8001, base::ByteArray<8>{});
    const base::Slice content = base::move_to_slice(std::move(body));
    const base::StreamId stream(data ? plan.stream : 0);
    client_.protect(plan.type, data ? flags : uint8_t{0}, stream, data ? block_of(plan) : Bytes(), {},
                    {&content, 1}, out_);
    return Connection::take(out_);
  }

  void spoil_header(const Plan& plan, Bytes& frame) {
    if (plan.wrong_lane) frame[15] ^= 2;
    if (plan.wrong_direction) frame[5] ^= frame::kServerToClient;
    if (plan.wrong_prefix) frame[39] ^= 1;
    if (plan.readable_on_sealed) frame[5] &= static_cast<uint8_t>(~frame::kSealed);
    if (plan.epoch != EpochOf::unheard_of) return;
    const uint32_t epoch = client_.outgoing_epoch().value;  // the one before, or the one after the next
    base::store_be(base::MutableByteView(frame).subspan(24), dice_.once_in(2) ? epoch - 1 : epoch + 2);
  }

  /// Anywhere behind the header; its own bits are spoilt by name.
  void flip(Bytes& frame) {
    frame[frame::kHeaderSize + dice_.below(frame.size() - frame::kHeaderSize)] ^=
        static_cast<uint8_t>(1u << dice_.below(8));
  }

  Judgement gate_says(const Plan& plan) {
    const base::BlockRef owner = base::move_to_slice(protect(plan)).owner;
    const auto decoded = frame::decode(owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody});
    if (!decoded || !decoded->complete) return {base::Refusal::busy};  // nothing that the model ever says
    if (plan.type != FrameType::data) {
      const auto passed = gate_.admit_control(decoded->frame, server_, session_, now_);
      return {passed ? std::nullopt : std::optional(passed.error())};
    }
    const auto admitted = gate_.admit(decoded->frame, owner, server_, session_, now_);
    if (!admitted) return {admitted.error()};
    return {std::nullopt, admitted->has_value()};
  }

  std::string describe(const Plan& plan) const {
    return "type " + std::to_string(static_cast<int>(plan.type)) + " stream " + std::to_string(plan.stream) +
           " total " + std::to_string(plan.total) + " body " + std::to_string(plan.body) + " epoch " +
           std::to_string(client_.outgoing_epoch().value) + (plan.first ? " first" : "") +
           (plan.last ? " last" : "") + (plan.compact ? " compact" : "");
  }

  Dice& dice_;
  Session session_ = first_session();
  GateModel model_;
  MessageSecurity level_ = MessageSecurity::mac;
  base::MonoTime now_{};
  HeapBlocks memory_;
  frame::Outbox out_{memory_};
  Lane client_{End::client, base::LaneId(1), session_, {1}, {2}};
  Lane server_{End::server, base::LaneId(1), session_, {1}, {2}};
  Gate gate_{End::server, kModelLimits};
  uint64_t accepted_ = 0;  // frames
  bool ended_ = false;
};

class GateAndModel : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seed, GateAndModel, ::testing::Range(0, 10));

TEST_P(GateAndModel, AgreeAboutEveryFrame) {
  Dice dice(static_cast<uint64_t>(GetParam()));
  std::optional<Played> lane;
  for (int i = 0; i < kFrames; ++i) {
    if (!lane || lane->ended()) lane.emplace(dice);
    ASSERT_TRUE(lane->step()) << "frame " << i;
  }
}

}  // namespace
}  // namespace fairlead::auth
