// A million frames in ten runs, good and bad, one after another: the gate says of each what the model says.
#include "gate_model.hpp"

#include <random>

#include "crypto/digest.hpp"
#include "frame/tlv.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::MessageSecurity;
using frame::FrameType;

constexpr int kFrames = 100'000;
constexpr auto kLife = std::chrono::hours(1);

/// Decisions, the same in every run with one seed.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t bound) { return engine_() % bound; }
  bool once_in(uint64_t number) { return below(number) == 0; }

 private:
  std::mt19937_64 engine_;
};

/// Plans of a client that mostly keeps the rules.
class Planner {
 public:
  Planner(Dice& dice, const GateModel& model, MessageSecurity level)
      : dice_(dice), model_(model), level_(level) {}

  Plan next() {
    Plan plan;
    plan.stream = static_cast<uint32_t>(1 + dice_.below(4));
    if (dice_.once_in(8)) plan.type = some_control();
    plan.with_body = dice_.once_in(3);
    const auto open = model_.open().find(plan.stream);
    open == model_.open().end() ? start(plan) : go_on(plan, open->second);
    if (dice_.once_in(10)) spoil(plan);
    if (dice_.once_in(100)) spoil(plan);  // of two mistakes the first one in the page's order counts
    return plan;
  }

 private:
  FrameType some_control() {
    constexpr FrameType kTypes[] = {FrameType::ping,   FrameType::pong,     FrameType::goaway,
                                    FrameType::close,  FrameType::error,    FrameType::renew,
                                    FrameType::credit, FrameType::lane_open};
    return kTypes[dice_.below(dice_.once_in(10) ? 8 : 2)];
  }

  void start(Plan& plan) {
    plan.total = dice_.below(60);
    plan.last = plan.total < 2 || dice_.once_in(2);
    plan.body = plan.last ? plan.total : 1 + dice_.below(plan.total - 1);
    plan.compact = model_.compact_agreed && dice_.once_in(2);
    if (plan.compact) plan.credentials = Credentials::none;
  }

  void go_on(Plan& plan, const GateModel::Open& open) {
    const uint64_t left = open.total - open.received;
    plan.first = false;
    plan.last = left == 1 || dice_.once_in(2);
    plan.body = plan.last ? left : 1 + dice_.below(left - 1);
    plan.total = open.total;
  }

  void spoil(Plan& plan) {
    switch (dice_.below(20)) {
      case 0:
        plan.wrong_lane = true;
        break;
      case 1:
        plan.wrong_direction = true;
        break;
      case 2:
        plan.wrong_prefix = true;
        break;
      case 3:
        plan.wrong_epoch = true;
        break;
      case 4:
        plan.sequence = SequenceOf::used;
        break;
      case 5:
        plan.sequence = SequenceOf::later;
        break;
      case 6:
        plan.readable_on_sealed = level_ == MessageSecurity::seal;
        break;
      case 7:
        plan.flipped_bit = true;
        break;
      case 8:
        plan.compact = !plan.compact;
        break;
      case 9:
        plan.stream = static_cast<uint32_t>(1 + dice_.below(5));
        break;
      case 10:
        plan.total = dice_.below(2 * kModelLimits.max_message);
        break;
      case 11:
        plan.body = dice_.below(2 * kModelLimits.max_message);
        break;
      case 12:
        plan.headers_not_strict = true;
        break;
      case 13:
        plan.block_on_continuation = true;
        break;
      case 14:
        plan.credentials = static_cast<Credentials>(dice_.below(5));
        break;
      case 15:
        plan.foreign_origin = true;
        break;
      case 16:
        plan.first = !plan.first;
        break;
      case 17:
        plan.last = !plan.last;
        break;
      case 18:
        plan.total = plan.body = kModelLimits.max_message + dice_.below(3) - 1;
        break;
      default:
        plan.body = 0;
        break;
    }
  }

  Dice& dice_;
  const GateModel& model_;
  MessageSecurity level_;
};

/// One lane with its gate, and a client that makes whatever the plan says.
class Played {
 public:
  explicit Played(Dice& dice) : dice_(dice) {
    session_.id = {0x40, 0x41, 0x42};
    session_.endpoint = must(base::Endpoint::parse(kSite));
    session_.token = base::to_bytes("the token");
    session_.token_signature = base::to_bytes("and its signature");
    session_.secret = base::Secret(crypto::sha256({base::as_bytes("secret")}));
    session_.deadline = base::MonoTime(kLife);
    session_.compact_headers = model_.compact_agreed = dice.once_in(2);
    level_ = dice.once_in(2) ? MessageSecurity::seal : MessageSecurity::mac;
    client_.raise_level(level_);
    server_.raise_level(level_);
  }

  /// The next frame; false when the model and the gate do not agree.
  bool step() {
    if (dice_.once_in(2000)) session_.revoked = model_.revoked = true;
    if (dice_.once_in(500)) now_ += std::chrono::minutes(dice_.below(30));
    if (dice_.once_in(2000)) now_ = session_.deadline - std::chrono::nanoseconds(dice_.below(2));
    model_.over = now_ >= session_.deadline;
    Plan plan = Planner(dice_, model_, level_).next();
    if (accepted_ == 0 && plan.sequence == SequenceOf::used) plan.sequence = SequenceOf::next;
    const Judgement expected = model_.judge(plan), said = gate_says(plan);
    ended_ = said.refused.has_value();
    ++accepted_;
    EXPECT_EQ(said.refused, expected.refused) << describe(plan);
    EXPECT_EQ(said.message, expected.message) << describe(plan);
    return said == expected;
  }
  bool ended() const noexcept { return ended_; }

 private:
  Bytes block_of(const Plan& plan) const {
    Bytes block;
    if (!plan.first && !plan.block_on_continuation) return block;
    const auto changed = [](Bytes bytes) { return bytes.back() ^= 1, bytes; };
    const bool name = plan.credentials != Credentials::wrong_name;
    const Bytes token =
        plan.credentials == Credentials::wrong_token ? changed(session_.token) : session_.token;
    const Bytes signature = plan.credentials == Credentials::wrong_signature
                                ? changed(session_.token_signature)
                                : session_.token_signature;
    if (plan.credentials != Credentials::none)
      frame::append_credentials(block, name ? kSite : std::string_view("site-2"), token, signature);
    Message message = compose(a_draft());
    message.headers.from = plan.foreign_origin ? "site-2" : kSite;
    message.headers.total_length = plan.total;
    frame::append_portable(block, message.headers);
    if (plan.headers_not_strict) block.push_back(0);
    return block;
  }

  Bytes protect(const Plan& plan) {
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

  static void spoil_header(const Plan& plan, Bytes& frame) {
    if (plan.wrong_lane) frame[15] ^= 2;
    if (plan.wrong_direction) frame[5] ^= frame::kServerToClient;
    if (plan.wrong_prefix) frame[39] ^= 1;
    if (plan.wrong_epoch) frame[27] ^= 1;
    if (plan.readable_on_sealed) frame[5] &= static_cast<uint8_t>(~frame::kSealed);
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

  static std::string describe(const Plan& plan) {
    return "type " + std::to_string(static_cast<int>(plan.type)) + " stream " + std::to_string(plan.stream) +
           " total " + std::to_string(plan.total) + " body " + std::to_string(plan.body) +
           (plan.first ? " first" : "") + (plan.last ? " last" : "") + (plan.compact ? " compact" : "");
  }

  Dice& dice_;
  Session session_;
  GateModel model_;
  MessageSecurity level_ = MessageSecurity::mac;
  base::MonoTime now_{};
  HeapBlocks memory_;
  frame::Outbox out_{memory_};
  Lane client_{End::client, base::LaneId(1), session_with_secret(), {1}, {2}};
  Lane server_{End::server, base::LaneId(1), session_with_secret(), {1}, {2}};
  Gate gate_{End::server, kModelLimits};
  uint64_t accepted_ = 0;  // frames
  bool ended_ = false;

  static Session session_with_secret() {
    Session session;
    session.id = {0x40, 0x41, 0x42};
    session.secret = base::Secret(crypto::sha256({base::as_bytes("secret")}));
    return session;
  }
};

class GateAndModel : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seed, GateAndModel, ::testing::Range(0, 10));

TEST_P(GateAndModel, AgreesWithTheGateAboutEveryFrame) {
  Dice dice(static_cast<uint64_t>(GetParam()));
  std::optional<Played> lane;
  for (int i = 0; i < kFrames; ++i) {
    if (!lane || lane->ended()) lane.emplace(dice);
    ASSERT_TRUE(lane->step()) << "frame " << i;
  }
}

}  // namespace
}  // namespace fairlead::auth
