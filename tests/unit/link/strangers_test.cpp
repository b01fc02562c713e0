#include "link/strangers.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support/manual_loop.hpp"
#include "support/seeded_random.hpp"

namespace fairlead::link {
namespace {

using base::ConnId;

/// Counts what it is told.
struct Caller final : Stranger {
  void admitted() override { is_admitted = true; }
  void evicted() override { is_evicted = true; }
  bool is_admitted = false, is_evicted = false;
};

/// Strangers with small limits, and any number of callers with ids from 1 on.
struct Door {
  explicit Door(Strangers::Limits limits) : strangers(loop, random, limits) {}
  Caller& arrives(const std::string& source) {
    auto& caller = callers.emplace_back(std::make_unique<Caller>());
    strangers.arrive(ConnId(callers.size()), *caller);
    strangers.opened(ConnId(callers.size()), source);
    return *caller;
  }
  Caller& asks(const std::string& source) {
    Caller& caller = arrives(source);
    strangers.ask(ConnId(callers.size()));
    return caller;
  }
  size_t evicted() const {
    size_t count = 0;
    for (const auto& caller : callers) count += caller->is_evicted ? 1 : 0;
    return count;
  }
  void turn() { loop.advance({}); }

  support::FakeClock clock;
  support::ManualLoop loop{clock};
  support::SeededRandom random{3};
  std::vector<std::unique_ptr<Caller>> callers;
  Strangers strangers;
};

constexpr Strangers::Limits kWide{.most = 100, .slots = 50, .begins_per_turn = 50};

TEST(Strangers, AdmitWhoAsksWhileThereIsRoom) {
  Door door(kWide);

  EXPECT_TRUE(door.asks("a").is_admitted);
  EXPECT_EQ(door.strangers.slots_taken(), 1u);
}

TEST(Strangers, AdmitNobodyWhoHasNotAsked) {
  Door door(kWide);

  EXPECT_FALSE(door.arrives("a").is_admitted);
  EXPECT_EQ(door.strangers.count(), 1u);
  EXPECT_EQ(door.strangers.slots_taken(), 0u);
}

TEST(Strangers, N25GiveTheSlotBackWhenItsHolderLeaves) {
  Door door(kWide);
  door.asks("a");

  door.strangers.leave(ConnId(1));
  door.strangers.leave(ConnId(1));

  EXPECT_EQ(door.strangers.slots_taken(), 0u);
  EXPECT_EQ(door.strangers.count(), 0u);
}

TEST(Strangers, CountWhoWasRefusedUntilItIsClosed) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 1});
  door.asks("a");
  Caller& waiting = door.asks("a");

  door.strangers.give_back(ConnId(1));
  door.strangers.give_back(ConnId(2));
  door.turn();

  EXPECT_EQ(door.strangers.slots_taken(), 0u);
  EXPECT_EQ(door.strangers.count(), 2u);
  EXPECT_FALSE(waiting.is_admitted);
}

TEST(Strangers, N26EvictAHolderOfTheSourceThatHasTheMostSlots) {
  Door door({.most = 100, .slots = 4, .begins_per_turn = 50});
  Caller& honest = door.asks("honest");
  for (int i = 0; i < 20; ++i) door.asks("flood");

  Caller& other = door.asks("other");

  EXPECT_EQ(door.strangers.slots_taken(), 4u);
  EXPECT_FALSE(honest.is_evicted);
  EXPECT_TRUE(other.is_admitted);
  EXPECT_FALSE(other.is_evicted);
}

TEST(Strangers, N26HoldNoMoreConnectionsThanThereArePlaces) {
  Door door({.most = 10, .slots = 4, .begins_per_turn = 50});
  Caller& honest = door.arrives("honest");

  for (int i = 0; i < 1000; ++i) door.arrives("flood");

  EXPECT_EQ(door.strangers.count(), 10u);
  EXPECT_EQ(door.evicted(), 991u);
  EXPECT_FALSE(honest.is_evicted);
}

TEST(Strangers, EvictAmongConnectionsThatHaveNotOpened) {
  Door door({.most = 2, .slots = 2, .begins_per_turn = 2});
  std::array<Caller, 3> callers;

  for (size_t i = 0; i < callers.size(); ++i) door.strangers.arrive(ConnId(i + 1), callers[i]);

  EXPECT_EQ(door.strangers.count(), 2u);
  EXPECT_FALSE(callers[2].is_evicted);
}

TEST(Strangers, BeginNoMoreLoginsInATurnThanAllowed) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 2});
  for (int i = 0; i < 5; ++i) door.asks("a");
  EXPECT_EQ(door.strangers.slots_taken(), 2u);
  EXPECT_EQ(door.strangers.waiting(), 3u);

  door.turn();

  EXPECT_EQ(door.strangers.slots_taken(), 4u);
  door.turn();
  EXPECT_EQ(door.strangers.slots_taken(), 5u);
}

TEST(Strangers, CountEachTurnAnew) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 2});
  door.asks("a");
  door.asks("a");
  door.turn();

  EXPECT_TRUE(door.asks("a").is_admitted);
  EXPECT_TRUE(door.asks("a").is_admitted);
  EXPECT_FALSE(door.asks("a").is_admitted);
}

TEST(Strangers, N26ServeSourceBySource) {
  Door door({.most = 1000, .slots = 500, .begins_per_turn = 1});
  for (int i = 0; i < 300; ++i) door.asks("flood");
  Caller& honest = door.asks("honest");

  door.turn();
  door.turn();

  EXPECT_TRUE(honest.is_admitted);
}

TEST(Strangers, ServeOneSourceInTheOrderOfAsking) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 1});
  door.asks("a");
  Caller& second = door.asks("a");
  Caller& third = door.asks("a");

  door.turn();

  EXPECT_TRUE(second.is_admitted);
  EXPECT_FALSE(third.is_admitted);
}

TEST(Strangers, SkipWhoHasLeftTheLine) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 1});
  door.asks("a");
  Caller& gone = door.asks("b");
  Caller& next = door.asks("c");
  door.strangers.leave(ConnId(2));

  door.turn();

  EXPECT_FALSE(gone.is_admitted);
  EXPECT_TRUE(next.is_admitted);
  EXPECT_EQ(door.strangers.waiting(), 0u);
}

TEST(Strangers, GiveNoSecondTurnToWhoLeavesAndAsksAgain) {
  Door door({.most = 100, .slots = 50, .begins_per_turn = 1});
  door.asks("other");
  for (int i = 0; i < 50; ++i) {
    door.asks("again");
    door.strangers.leave(ConnId(door.callers.size()));
  }
  Caller& again = door.asks("again");
  Caller& honest = door.asks("honest");

  door.turn();
  door.turn();

  EXPECT_TRUE(again.is_admitted);
  EXPECT_TRUE(honest.is_admitted);
}

TEST(Strangers, MayGoBeforeTheTurnThatWouldServe) {
  support::FakeClock clock;
  support::ManualLoop loop{clock};
  support::SeededRandom random{1};
  Caller caller;
  {
    Strangers strangers(loop, random, {.most = 9, .slots = 9, .begins_per_turn = 1});
    strangers.arrive(ConnId(1), caller);
    strangers.ask(ConnId(1));
  }

  loop.advance({});

  EXPECT_TRUE(caller.is_admitted);
}

TEST(Strangers, AreLoggedUpToARate) {
  Door door(kWide);
  size_t lines = 0;
  for (int i = 0; i < 1000; ++i) lines += door.strangers.may_log() ? 1 : 0;

  EXPECT_EQ(lines, 200u);
  door.loop.advance(std::chrono::seconds(1));
  EXPECT_TRUE(door.strangers.may_log());
}

}  // namespace
}  // namespace fairlead::link
