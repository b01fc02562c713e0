#include "app/service_signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <future>

namespace fairlead::app {
namespace {

constexpr std::chrono::seconds kLong(30);

TEST(ServiceSignals, CountStopsAndTellReloadsApart) {
  ServiceSignals signals;
  std::promise<void> reloaded;
  std::promise<int> first, second;
  signals.listen([&](int count) { (count == 1 ? first : second).set_value(count); },
                 [&] { reloaded.set_value(); });

  ::kill(::getpid(), SIGHUP);
  ASSERT_EQ(reloaded.get_future().wait_for(kLong), std::future_status::ready);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(first.get_future().get(), 1) << "a reload is no stop";
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(second.get_future().get(), 2);
}

TEST(ServiceSignals, HangUpsMeanNothingToWhoDoesNotReload) {
  ServiceSignals signals;
  std::promise<int> stopped;
  signals.listen([&](int count) { stopped.set_value(count); });

  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGTERM);

  EXPECT_EQ(stopped.get_future().get(), 1);
}

}  // namespace
}  // namespace fairlead::app
