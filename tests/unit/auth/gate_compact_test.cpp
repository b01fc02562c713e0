#include "gate_given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

struct CompactGateTest : GateTest {
  CompactGateTest() {
    pair = GivenLoggedInPair([](World& w) { w.compact_headers = true; });
  }
  static Bytes block() {
    Bytes out;
    frame::append_portable(out, compose(a_draft()).headers);
    return out;
  }
};

TEST_F(CompactGateTest, SendsCredentialsWithTheFirstMessageOnly) {
  const Bytes first = pair.client_sends(a_message()), second = pair.client_sends(a_message());

  EXPECT_LT(second.size() + 200, first.size());
  EXPECT_EQ(answer(first), Refusal{});
  EXPECT_EQ(answer(second), Refusal{});
}

TEST_F(CompactGateTest, N48_RefusesCompactHeadersBeforeFullOnes) {
  EXPECT_EQ(answer(forged(block(), "hello", kFirst | kLast | kCompact)), Refusal::bad_token);
}

TEST_F(CompactGateTest, N48_RefusesCompactHeadersWithCredentials) {
  const Session& session = *pair.client_session;
  ASSERT_EQ(answer(pair.client_sends(a_message())), Refusal{});

  EXPECT_EQ(answer(forged(block_of(a_draft(), kSite, session.current.token, session.current.token_signature),
                          "hello", kFirst | kLast | kCompact)),
            Refusal::bad_token);
}

TEST_F(GateTest, N48_RefusesCompactHeadersThatWereNotAgreed) {
  ASSERT_EQ(answer(pair.client_sends(a_message())), Refusal{});

  EXPECT_EQ(answer(forged(CompactGateTest::block(), "hello", kFirst | kLast | kCompact)), Refusal::bad_token);
}

}  // namespace
}  // namespace fairlead::auth
