#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace fairlead::base {
namespace {

Secret a_secret(size_t size = 32) { return Secret(ByteView(Bytes(size, 0xA5))); }

/// A number in hexadecimal at the front of `text`, which loses it and one character behind.
uintptr_t take_hex(std::string_view& text) {
  uintptr_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  const auto length = static_cast<size_t>(end - text.data());
  text.remove_prefix(std::min(text.size(), length + 1));
  return number;
}

/// VmFlags of the mapping that holds this byte, with a space at both ends.
std::string flags_of(const uint8_t* byte) {
  std::ostringstream printed;
  printed << static_cast<const void*>(byte);
  const std::string address = printed.str();
  std::string_view digits = std::string_view(address).substr(2);
  const uintptr_t place = take_hex(digits);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    if (here && line.starts_with("VmFlags:")) return line.substr(8) + " ";
    // BEGIN-END in front of permissions; what is said about a mapping begins with a name and a colon.
    if (line.find(':') < line.find('-')) continue;
    std::string_view rest = line;
    const uintptr_t begin = take_hex(rest), end = take_hex(rest);
    here = begin <= place && place < end;
  }
  return "none";
}

TEST(Secret, HoldsWhatItWasGiven) {
  const Secret secret(as_bytes("a passphrase"));

  EXPECT_EQ(as_text(secret.expose()), "a passphrase");
  EXPECT_EQ(Secret(3).expose()[2], 0);
  EXPECT_TRUE(Secret(size_t{0}).empty());
}

TEST(Secret, MovesWithoutACopy) {
  Secret first = a_secret(), other = a_secret(70);
  const uint8_t* const place = first.expose().data();

  other = std::move(first);

  EXPECT_EQ(other.expose().data(), place);
  EXPECT_EQ(other.size(), 32u);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): empty by contract
}

/// Each size beside a border of the shared places, and of a page.
TEST(Secret, LeavesNothingBehindInItsPlace) {
  for (const size_t size : {1u, 63u, 64u, 65u, 4095u, 4096u}) {
    Secret secret = a_secret(size);
    const ByteView place = secret.expose();

    secret.wipe();

    EXPECT_TRUE(equal(place, Bytes(size))) << size;
    EXPECT_TRUE(secret.empty());
  }
}

TEST(Secret, SharesAPageWithOthersButNeverAByte) {
  std::vector<Secret> many;
  for (size_t i = 0; i < 3000; ++i) many.push_back(Secret(ByteView(Bytes(32 + i % 90, uint8_t(i)))));

  for (size_t i = 0; i < many.size(); i += 2) many[i].wipe();
  for (size_t i = 0; i < many.size(); i += 2) many[i] = Secret(ByteView(Bytes(32 + i % 90, uint8_t(i))));

  for (size_t i = 0; i < many.size(); ++i)
    EXPECT_TRUE(equal(many[i].expose(), Bytes(32 + i % 90, uint8_t(i)))) << i;
}

TEST(Secret, CanBeMadeByManyThreads) {
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i] {
      for (int round = 0; round < 2000; ++round) {
        const Bytes content(40, static_cast<uint8_t>(i));
        const Secret one{ByteView(content)};
        ASSERT_TRUE(equal(one.expose(), content));
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(Secret, IsInNoCoreDumpAndInNoChild) {
  const Secret small = a_secret(), large = a_secret(100'000);

  for (const Secret* secret : {&small, &large}) {
    const std::string flags = flags_of(secret->expose().data());
    EXPECT_NE(flags.find(" dd "), std::string::npos) << "not dumped: " << flags;
    EXPECT_NE(flags.find(" wf "), std::string::npos) << "wiped on fork: " << flags;
  }
}

TEST(SecretDeathTest, N50_OfAParentEndsTheChildThatUsesIt) {
  const Secret secret = a_secret();

  EXPECT_DEATH(static_cast<void>(secret.expose()), "was forked .* tried to use a secret of its parent");
}

TEST(SecretDeathTest, CanBeMadeInAChild) {
  const Secret of_parent = a_secret();

  EXPECT_EXIT(
      {
        const Secret own = a_secret();
        std::exit(equal(own.expose(), Bytes(32, 0xA5)) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

/// What runs in the child, whose exit code is given: 0 when it holds. Nothing of the C library hears of this
/// child.
template <class Holds>
int in_raw_child(Holds holds) {
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) ::_exit(holds() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Secret, N50_OfAParentIsEmptyInAChildThatTheLibraryDoesNotKnowOf) {
  const Secret secret = a_secret();
  const ByteView bytes = secret.expose();

  EXPECT_EQ(in_raw_child([&] { return equal(bytes, Bytes(32)); }), 0);
  EXPECT_TRUE(equal(bytes, Bytes(32, 0xA5)));
}

TEST(ProcessMark, TellsAChildOfAnyKindFromItsParent) {
  const ProcessMark mark = ProcessMark::current();

  EXPECT_TRUE(mark.is_here());
  EXPECT_EQ(in_raw_child([&] { return !mark.is_here(); }), 0);
  EXPECT_EQ(in_raw_child([&] { return ProcessMark::current().is_here() && !mark.is_here(); }), 0);
  EXPECT_TRUE(mark.is_here());
}

TEST(ProcessMark, IsTheSameInEveryThread) {
  const ProcessMark mark = ProcessMark::current();
  bool elsewhere = false;

  std::thread([&] { elsewhere = mark.is_here(); }).join();

  EXPECT_TRUE(elsewhere);
}

}  // namespace
}  // namespace fairlead::base
