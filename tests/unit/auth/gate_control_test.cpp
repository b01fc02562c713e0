#include "gate_given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

TEST_F(GateTest, RefusesControlFramesAsMessages) {
  frame::Outbox out(pair.world->memory);
  append_ping(1, *pair.client_lane, out);

  EXPECT_EQ(answer(Connection::take(out)), Refusal::wrong_state);
}

TEST_F(GateTest, AdmitsControlFrames) {
  frame::Outbox out(pair.world->memory);
  append_ping(1, *pair.client_lane, out);
  EXPECT_TRUE(pair.server_takes_control(Connection::take(out)));

  pair.client_lane->protect(frame::FrameType::renew, 0, {}, {}, {}, {}, out);
  EXPECT_TRUE(pair.server_takes_control(Connection::take(out)));
}

TEST_F(GateTest, N27_RefusesFramesThatALaneDoesNotCarry) {
  for (const int type : {5, 6, 7}) {
    frame::Outbox out(pair.world->memory);
    pair.client_lane->protect(static_cast<frame::FrameType>(type), 0, {}, {}, {}, {}, out);
    EXPECT_EQ(refusal_of(pair.server_takes_control(Connection::take(out))), Refusal::wrong_state) << type;
  }
}

TEST_F(GateTest, RefusesAControlFrameWithAWrongTag) {
  frame::Outbox out(pair.world->memory);
  append_close(*pair.client_lane, out);
  Bytes frame = Connection::take(out);
  frame.back() ^= 1;

  EXPECT_EQ(refusal_of(pair.server_takes_control(frame)), Refusal::bad_tag);
}

TEST_F(GateTest, RefusesAnUnauthenticatedErrorOnALane) {
  frame::Outbox out(pair.world->memory);
  append_error(Refusal::revoked, "", nullptr, nullptr, out);

  EXPECT_EQ(refusal_of(pair.server_takes_control(Connection::take(out))), Refusal::unknown_lane);
}

TEST_F(GateTest, RefusesControlFramesOfARevokedSession) {
  pair.server_session->revoked = true;
  frame::Outbox out(pair.world->memory);
  append_ping(1, *pair.client_lane, out);

  EXPECT_EQ(refusal_of(pair.server_takes_control(Connection::take(out))), Refusal::revoked);
}

TEST_F(GateTest, RefusesACloseThatSaysMore) {
  frame::Outbox out(pair.world->memory);
  const base::Slice body = base::copy_to_slice(base::as_bytes("x"));
  pair.client_lane->protect(frame::FrameType::close, 0, {}, {}, {}, {&body, 1}, out);

  EXPECT_EQ(refusal_of(pair.server_takes_control(Connection::take(out))), Refusal::bad_headers);
}

}  // namespace
}  // namespace fairlead::auth
