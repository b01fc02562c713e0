#include "node/client_session.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/fake_clock.hpp"

namespace fairlead::node {
namespace {

using namespace std::chrono_literals;
using auth::ClientStart;
using Need = ClientSession::Need;

struct ClientSessionTest : ::testing::Test {
  std::unique_ptr<auth::Session> a_session(std::chrono::seconds life = 1h) const {
    auto made = std::make_unique<auth::Session>();
    made->logged_in = clock.mono();
    made->current.deadline = clock.mono() + life;
    made->current.renew_after = life * 3 / 4;
    return made;
  }
  auth::Session* adopt(std::chrono::seconds life = 1h) {
    auto fresh = a_session(life);
    auth::Session* kept = fresh.get();
    session.adopt(std::move(fresh));
    return kept;
  }

  support::FakeClock clock;
  base::SystemRandom random;
  ClientSession session{clock, random, 24h};
};

TEST_F(ClientSessionTest, BeginsWithALogin) { EXPECT_EQ(session.start().resume, nullptr); }

TEST_F(ClientSessionTest, BeginsWithTheSessionThatIsThere) {
  auth::Session* kept = adopt();

  EXPECT_EQ(session.start().resume, kept);
  EXPECT_EQ(session.start().on_restart, ClientStart::OnRestart::log_in);
}

TEST_F(ClientSessionTest, LogsInWhenTheTokenIsOver) {
  adopt();
  clock.advance(1h);

  EXPECT_EQ(session.start().resume, nullptr);
}

TEST_F(ClientSessionTest, LogsInWithANewCertificate) {
  adopt();
  session.outdate();

  EXPECT_EQ(session.start().resume, nullptr);
  EXPECT_EQ(session.need(), Need::login);
}

TEST_F(ClientSessionTest, LogsInOnceWhenSomebodySaysThatTheSessionIsUnknown) {
  auth::Session* kept = adopt();
  session.doubt();
  EXPECT_EQ(session.start().resume, nullptr);

  clock.advance(ClientSession::kBetweenExtraLogins - 1ms);
  EXPECT_EQ(session.start().resume, kept) << "whoever said so may be anybody";
  EXPECT_EQ(session.start().on_restart, ClientStart::OnRestart::resume);
  clock.advance(1ms);
  EXPECT_EQ(session.start().resume, nullptr);
}

TEST_F(ClientSessionTest, GivesTheSessionBeforeBack) {
  auth::Session* old = adopt();

  EXPECT_EQ(session.adopt(a_session()).get(), old);
}

TEST_F(ClientSessionTest, TrustsANewSessionAgain) {
  adopt();
  session.doubt();
  session.outdate();
  auth::Session* kept = adopt();

  EXPECT_EQ(session.start().resume, kept);
  EXPECT_EQ(session.need(), Need::renewal);
}

TEST_F(ClientSessionTest, IsDueAtThreeQuartersFivePercentUpOrDown) {
  std::set<base::MonoTime> seen;
  for (int i = 0; i < 200; ++i) {
    adopt();
    const auto wait = session.due() - clock.mono();
    EXPECT_GE(wait, std::chrono::seconds(45min) * 95 / 100);
    EXPECT_LE(wait, std::chrono::seconds(45min) * 105 / 100);
    seen.insert(session.due());
  }
  EXPECT_GT(seen.size(), 5u) << "not all at the same moment";
}

TEST_F(ClientSessionTest, IsNeverDueAtOnce) {
  adopt(0s);

  EXPECT_GE(session.due() - clock.mono(), 1s);
}

TEST_F(ClientSessionTest, NeedsALoginWhenARenewedTokenWouldOutliveTheSession) {
  auth::Session* kept = adopt();
  kept->logged_in = clock.mono() - 22h;
  session.renewed();
  EXPECT_EQ(session.need(), Need::renewal);

  kept->logged_in = clock.mono() - 22h - 20min;
  session.renewed();
  EXPECT_EQ(session.need(), Need::login);
}

}  // namespace
}  // namespace fairlead::node
