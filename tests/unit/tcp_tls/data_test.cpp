#include "given.hpp"

namespace {

struct Case {
  const char* security;
  const char* host;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.security << " " << c.host; }

class Data : public testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<Ends> ends = GivenConnectedEnds(GetParam().security, GetParam().host);
};

INSTANTIATE_TEST_SUITE_P(Securities, Data,
                         testing::Values(Case{"clear", "127.0.0.1"}, Case{"clear", "[::1]"},
                                         Case{"tls", "127.0.0.1"}, Case{"tls", "[::1]"},
                                         Case{"tls", "localhost"}, Case{"mtls", "127.0.0.1"},
                                         Case{"mtls", "[::1]"}));

constexpr size_t kSizes[] = {0, 1, 1024, 16'383, 16'384, 16'385, 65'535, 65'536, 65'537, 1'048'576};

TEST_P(Data, EchoesEverySizeIntact) {
  ends->accepted->echo = true;
  std::string expected;

  for (const size_t size : kSizes) {
    expected += pattern(size);
    ends->dialled->queue(pattern(size));
  }

  EXPECT_TRUE(ends->run([&] { return ends->dialled->received.size() >= expected.size(); }));
  EXPECT_EQ(ends->dialled->received, expected);
  EXPECT_GE(ends->dialled->done.size(), std::size(kSizes));
}

TEST_P(Data, CarriesBothDirectionsAtOnce) {
  const std::string up = pattern(8 << 20), down = pattern(5 << 20);

  ends->dialled->queue(up);
  ends->accepted->queue(down);

  EXPECT_TRUE(ends->run([&] {
    return ends->accepted->received.size() >= up.size() && ends->dialled->received.size() >= down.size();
  }));
  EXPECT_TRUE(ends->accepted->received == up);
  EXPECT_TRUE(ends->dialled->received == down);
}

TEST_P(Data, SendOfNothingCompletesAtOnce) {
  EXPECT_EQ(ends->dialled->send({}, 7), FAIRLEAD_OK);

  ASSERT_EQ(ends->dialled->done.size(), 1u);
  EXPECT_EQ(ends->dialled->done[0], std::pair(uint64_t{7}, FAIRLEAD_OK + 0));
}

TEST_P(Data, ThousandSlicesArriveAsTheirConcatenation) {
  const std::string whole = pattern(1024 * 99);
  std::vector<std::string_view> slices;
  for (size_t i = 0; i < 1024; ++i)
    slices.push_back(std::string_view(whole).substr(i * 99, i % 5 == 4 ? 0 : 99));
  std::string expected;
  for (const std::string_view slice : slices) expected += slice;

  EXPECT_EQ(ends->dialled->send(slices), FAIRLEAD_OK);

  EXPECT_TRUE(ends->run([&] { return ends->accepted->received.size() >= expected.size(); }));
  EXPECT_EQ(ends->accepted->received, expected);
}

TEST_P(Data, FillsSmallRoomsPieceByPiece) {
  const std::string sent = pattern(40'000);
  ends->accepted->lend_at_most = 7;

  ends->dialled->queue(sent);

  EXPECT_TRUE(ends->run([&] { return ends->accepted->received.size() >= sent.size(); }));
  EXPECT_EQ(ends->accepted->received, sent);
}

TEST_P(Data, SecondSendWaitsWhileTheReaderIsSlow) {
  const std::string first = pattern(16 << 20);
  ends->accepted->set_reading(false);
  ASSERT_EQ(ends->dialled->send({first}, 1), FAIRLEAD_OK);

  const fairlead_status second = ends->dialled->send({"more"}, 2);
  for (int i = 0; i < 50; ++i) ends->loop.turn();

  EXPECT_EQ(second, FAIRLEAD_AGAIN);
  EXPECT_TRUE(ends->dialled->done.empty());
  ends->accepted->set_reading(true);
  EXPECT_TRUE(ends->run([&] { return ends->accepted->received.size() == first.size(); }));
  EXPECT_EQ(ends->dialled->done.size(), 1u);
  EXPECT_EQ(ends->dialled->tx_ready, 1);
}

TEST_P(Data, StopsDeliveringUntilReadingIsOnAgain) {
  const std::string sent = pattern(300'000);
  ends->accepted->pause_at = 1000;
  ends->accepted->lend_at_most = 500;
  ends->dialled->queue(sent);
  ASSERT_TRUE(ends->run([&] { return ends->accepted->paused; }));
  for (int i = 0; i < 20; ++i) ends->loop.turn();
  const size_t held_at = ends->accepted->received.size();

  ends->accepted->pause_at = SIZE_MAX;
  ends->accepted->set_reading(true);

  EXPECT_EQ(held_at, 1000u);
  EXPECT_TRUE(ends->run([&] { return ends->accepted->received.size() == sent.size(); }));
  EXPECT_EQ(ends->accepted->received, sent);
}

TEST_P(Data, BufferedBytesComeWithoutAnotherSocketEvent) {
  const std::string sent = pattern(12'000);
  ends->accepted->pause_at = 1;
  ends->accepted->lend_at_most = 100;
  ends->dialled->queue(sent);
  ASSERT_TRUE(ends->run([&] { return ends->accepted->paused; }));

  ends->accepted->lend_at_most = 65'536;
  ends->accepted->pause_at = SIZE_MAX;
  ends->accepted->set_reading(true);

  EXPECT_TRUE(ends->run([&] { return ends->accepted->received.size() == sent.size(); }));
}

}  // namespace
