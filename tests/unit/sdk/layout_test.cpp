// The frozen layout of major version 1 on 64-bit systems: a field may be appended, none may move.
#include <fairlead/transport.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <string>
#include <vector>

#include "build_paths.hpp"

namespace {

static_assert(sizeof(void*) == 8);

static_assert(sizeof(fairlead_bytes) == 16 && sizeof(fairlead_text) == 16);
static_assert(sizeof(fairlead_error) == 256 && offsetof(fairlead_error, text) == 8);

static_assert(sizeof(fairlead_option) == 48);
static_assert(offsetof(fairlead_option, type) == 24 && offsetof(fairlead_option, max) == 40);

static_assert(sizeof(fairlead_value) == 40);
static_assert(offsetof(fairlead_value, number) == 16 && offsetof(fairlead_value, text) == 24);

static_assert(sizeof(fairlead_config) == 24);
static_assert(offsetof(fairlead_config, value_size) == 8 && offsetof(fairlead_config, values) == 16);

static_assert(sizeof(fairlead_peer) == 120);
static_assert(offsetof(fairlead_peer, local_address) == 8 && offsetof(fairlead_peer, channel_binding) == 104);

static_assert(sizeof(fairlead_dial) == 24 && offsetof(fairlead_dial, cancel) == 16);

static_assert(sizeof(fairlead_host) == 176);
static_assert(offsetof(fairlead_host, ctx) == 8 && offsetof(fairlead_host, log) == 16);
static_assert(offsetof(fairlead_host, secret) == 64 && offsetof(fairlead_host, watch) == 72);
static_assert(offsetof(fairlead_host, accepted) == 112 && offsetof(fairlead_host, closed) == 168);

static_assert(sizeof(fairlead_transport) == 192);
static_assert(offsetof(fairlead_transport, struct_size) == 8 && offsetof(fairlead_transport, caps) == 20);
static_assert(offsetof(fairlead_transport, options) == 72 && offsetof(fairlead_transport, option_size) == 80);
static_assert(offsetof(fairlead_transport, create) == 88 && offsetof(fairlead_transport, reconfigure) == 104);
static_assert(offsetof(fairlead_transport, send) == 144 && offsetof(fairlead_transport, extension) == 184);

TEST(Layout, MagicReadsFairleadInMemory) {
  const uint64_t magic = FAIRLEAD_TRANSPORT_MAGIC;

  EXPECT_EQ(std::string(reinterpret_cast<const char*>(&magic), 8), "FAIRLEAD");
}

TEST(Layout, HasTestsTheOtherSidesSize) {
  fairlead_host older{};
  older.struct_size = offsetof(fairlead_host, closed);

  EXPECT_TRUE(FAIRLEAD_HAS(fairlead_host, &older, tx_ready));
  EXPECT_FALSE(FAIRLEAD_HAS(fairlead_host, &older, closed));
}

/// Exit code of a program that is run with these arguments, -1 when it did not exit.
int run(std::vector<std::string> arguments) {
  std::vector<char*> values;
  values.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) values.push_back(argument.data());
  values.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawnp(&child, values[0], nullptr, nullptr, values.data(), environ) != 0) return -1;
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Layout, HeaderIsPlainC11WithoutPadding) {
  const std::string sources = FAIRLEAD_SOURCE_DIR;

  EXPECT_EQ(
      run({"cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wpadded", "-Werror",
           "-fsyntax-only", "-I" + sources + "/sdk/include", sources + "/tests/unit/sdk/transport_c11.c"}),
      0);
}

}  // namespace
