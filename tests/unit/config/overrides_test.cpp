#include "config/overrides.hpp"

#include <sys/stat.h>

#include "given.hpp"

namespace fairlead::config {
namespace {

using base::MessageSecurity;

ResolvedParticipant participant(const char* name, const std::string& project = {}) {
  const ResolvedProject all = resolved(project_with(project, "admin_port: 8003"));
  return *all.find(name);
}

Overrides set(const std::vector<std::string>& arguments) { return command_line_overrides(arguments).value(); }

TEST(Overrides, LaterLayersWinWhateverTheirOrder) {
  ResolvedParticipant client = participant("c");
  const Overrides overrides{{"connect_to", "cli", Origin::command_line, "--set"},
                            {"connect_to", "file", Origin::local, "f:1"},
                            {"connect_to", "env", Origin::environment, "FAIRLEAD_CONNECT_TO"}};

  ASSERT_TRUE(apply_overrides(client, overrides));
  EXPECT_EQ(text(client.connect_to.value), "tcp://cli:8002");
  EXPECT_EQ(client.connect_to.origin, Origin::command_line);

  ASSERT_TRUE(apply_overrides(client, {overrides[1], overrides[2]}));
  EXPECT_EQ(client.connect_to.value.host, "env");
  EXPECT_EQ(client.connect_to.at, "FAIRLEAD_CONNECT_TO");
}

TEST(Overrides, SetEverythingThatCanBeSet) {
  ResolvedParticipant client = participant("c");

  ASSERT_TRUE(apply_overrides(
      client, set({"connect_to=tcp://[::1]:9", "message_security=seal", "log.level=debug", "log.format=json",
                   "connect_timeout=1s", "handshake_timeout=2s", "login_timeout=3s", "first_byte_timeout=4s",
                   "heartbeat_interval=500ms", "session_lifetime=2h", "compact_headers=true"})));

  EXPECT_EQ(text(client.connect_to.value), "tcp://[::1]:9");
  EXPECT_EQ(client.message_security.value, MessageSecurity::seal);
  EXPECT_EQ(client.expected_message_security, MessageSecurity::seal);
  EXPECT_EQ(client.log_level->value, "debug");
  EXPECT_EQ(client.log_format->value, "json");
  EXPECT_EQ(client.timeouts.connect.value, base::Milliseconds(1000));
  EXPECT_EQ(client.timeouts.handshake.value, base::Milliseconds(2000));
  EXPECT_EQ(client.timeouts.login.value, base::Milliseconds(3000));
  EXPECT_EQ(client.timeouts.first_byte.value, base::Milliseconds(4000));
  EXPECT_EQ(client.timeouts.heartbeat_interval.value, base::Milliseconds(500));
  EXPECT_EQ(client.timeouts.heartbeat_interval.origin, Origin::command_line);
  EXPECT_EQ(client.timeouts.session_lifetime.value, base::Milliseconds(7'200'000));
  EXPECT_TRUE(client.compact_headers.value);
}

TEST(Overrides, SetHowLongATokenLivesAtTheServerOnly) {
  ResolvedParticipant server = participant("srv"), client = participant("c");

  ASSERT_TRUE(apply_overrides(server, set({"token_lifetime=2s"})));
  EXPECT_EQ(server.timeouts.token_lifetime.value, base::Milliseconds(2000));
  EXPECT_FALSE(apply_overrides(server, set({"token_lifetime=1999ms"})));
  EXPECT_FALSE(apply_overrides(client, set({"token_lifetime=2s"})));
}

TEST(Overrides, SetCompactHeadersOfParticipantsThatConnect) {
  ResolvedParticipant server = participant("srv"), client = participant("c");

  ASSERT_TRUE(apply_overrides(client, set({"compact_headers=true", "compact_headers=false"})));
  EXPECT_FALSE(client.compact_headers.value);
  EXPECT_FALSE(apply_overrides(client, set({"compact_headers=1"})));
  EXPECT_FALSE(apply_overrides(server, set({"compact_headers=true"})));
}

TEST(Overrides, SetHostAndPortOfListeners) {
  ResolvedParticipant server = participant("srv");

  ASSERT_TRUE(apply_overrides(server, set({"listen.host=127.0.0.1", "listen.port=9000"})));
  EXPECT_EQ(text(server.listeners[0]), "tcp://127.0.0.1:9000");
  EXPECT_EQ(text(server.listeners[1]), "tcp://127.0.0.1:8003");

  ASSERT_TRUE(apply_overrides(server, set({"listen.port=0"})));
  EXPECT_EQ(server.listeners[0].port, 0);
  EXPECT_EQ(server.listeners[1].port, 0);
}

TEST(Overrides, SetTheMemoryOfAServer) {
  ResolvedParticipant server = participant("srv"), client = participant("c");

  ASSERT_TRUE(apply_overrides(server, set({"memory_limit=512MiB"})));
  EXPECT_EQ(server.memory_limit->value, 512u << 20);
  EXPECT_FALSE(apply_overrides(client, set({"memory_limit=512MiB"})));
}

TEST(Overrides, ReadSizesOfMemory) {
  EXPECT_EQ(parse_memory_size("64MiB").value(), 64u << 20);
  EXPECT_EQ(parse_memory_size("2GiB").value(), uint64_t{2} << 30);
  EXPECT_EQ(parse_memory_size("1024GiB").value(), uint64_t{1} << 40);
  for (const char* bad : {"", "64", "MiB", "63MiB", "1025GiB", "0GiB", "-1GiB", "1.5GiB", "64 MiB", "64mib",
                          "64MiBx", "99999999999MiB"})
    EXPECT_FALSE(parse_memory_size(bad)) << bad;
}

TEST(Overrides, N55RefuseLessProtectionThanTheKit) {
  ResolvedParticipant client = participant("c", "message_security: seal");

  const auto mac = apply_overrides(client, set({"message_security=mac"}));
  const auto automatic = apply_overrides(client, {{"message_security", "auto", Origin::local, "f.yml:1"}});

  ASSERT_FALSE(mac);
  EXPECT_EQ(mac.error().code, base::ErrorCode::bad_arguments);
  ASSERT_FALSE(automatic);
  EXPECT_EQ(automatic.error().code, base::ErrorCode::bad_configuration);
  EXPECT_EQ(automatic.error().origin, "f.yml:1:1");
  EXPECT_EQ(client.message_security.value, MessageSecurity::seal);
}

TEST(Overrides, WarnWhenTheKitAllowsLessProtection) {
  ResolvedParticipant client = participant("c", "message_security: seal\nweaker_overrides: allowed");

  const auto notes = apply_overrides(client, set({"message_security=mac"}));

  ASSERT_TRUE(notes);
  ASSERT_EQ(notes->size(), 1u);
  EXPECT_EQ(notes->front().level, NoteLevel::warning);
  EXPECT_EQ(client.message_security.value, MessageSecurity::mac);
}

TEST(Overrides, RefuseKeysOfTheOtherSide) {
  ResolvedParticipant client = participant("c");
  ResolvedParticipant server = participant("srv");

  EXPECT_FALSE(apply_overrides(client, set({"listen.port=0"})));
  EXPECT_FALSE(apply_overrides(client, set({"listen.host=a"})));
  EXPECT_FALSE(apply_overrides(server, set({"connect_to=a"})));
}

TEST(Overrides, RefuseWrongValues) {
  for (const char* wrong :
       {"connect_to=a b", "message_security=none", "log.level=loud", "log.format=xml", "login_timeout=10",
        "login_timeout=0s", "login_timeout=-1s", "login_timeout=25h"}) {
    ResolvedParticipant client = participant("c");
    EXPECT_FALSE(apply_overrides(client, set({wrong}))) << wrong;
  }
  ResolvedParticipant server = participant("srv");
  EXPECT_FALSE(apply_overrides(server, set({"listen.port=65536"})));
}

TEST(CommandLine, RefusesWhatIsNoKnownSetting) {
  EXPECT_FALSE(command_line_overrides({"listen.port"}));
  EXPECT_FALSE(command_line_overrides({"=1"}));
  EXPECT_FALSE(command_line_overrides({"custom_ca_cert=/x"}));
  const auto typo = command_line_overrides({"listen.prot=1"});
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().code, base::ErrorCode::bad_arguments);
  EXPECT_EQ(typo.error().hint, "did you mean \"listen.port\"?");
}

TEST(Environment, PicksOnlySettings) {
  const Overrides found = environment_overrides({{"FAIRLEAD_LISTEN__PORT", "0"},
                                                 {"FAIRLEAD_TOPIC", "x"},
                                                 {"FAIRLEAD_LOGIN_TIMEOUT", "1s"},
                                                 {"LISTEN__PORT", "1"},
                                                 {"fairlead_connect_to", "y"}});

  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].key, "listen.port");
  EXPECT_EQ(found[0].at, "FAIRLEAD_LISTEN__PORT");
  EXPECT_EQ(found[1].key, "login_timeout");
}

TEST(LocalFile, ReadsNestedAndDottedKeys) {
  const ScratchDir scratch;
  const std::string path =
      scratch.write("fairlead.yml",
                    "listen:\n  port: 0\nlog.level: debug\ntransports: {pigeon: {plugin: p.so}}\n"
                    "transports.zmq.io_threads: 2\ncustom_ca_cert: ca.pem\n");

  const auto found = read_local_overrides(path);

  ASSERT_TRUE(found) << found.error().line();
  ASSERT_EQ(found->size(), 5u);
  EXPECT_EQ((*found)[0].key, "listen.port");
  EXPECT_EQ((*found)[0].at, path + ":2");
  EXPECT_EQ((*found)[2].key, "transports.pigeon.plugin");
  EXPECT_EQ((*found)[4].value, scratch.path("ca.pem"));
}

TEST(LocalFile, AppliesTransportOptionsAndTheCustomCa) {
  ResolvedParticipant client = participant("c", "connection_security: tls");

  ASSERT_TRUE(apply_overrides(client, {{"transports.pigeon.plugin", "p.so", Origin::local, "f:1"},
                                       {"custom_ca_cert", "/ca.pem", Origin::local, "f:2"}}));

  EXPECT_EQ(client.transports["pigeon"]["plugin"], "p.so");
  EXPECT_EQ(client.custom_ca_file, "/ca.pem");
  EXPECT_TRUE(client.custom_ca_used);
}

TEST(LocalFile, MayBeMissingEmptyOrOnlyComments) {
  const ScratchDir scratch;
  EXPECT_TRUE(read_local_overrides(scratch.path("none.yml")).value().empty());
  EXPECT_TRUE(read_local_overrides(scratch.write("a.yml", "")).value().empty());
  EXPECT_TRUE(read_local_overrides(scratch.write("b.yml", "# listen.port: 0\n")).value().empty());
}

TEST(LocalFile, RefusesUnknownDuplicateAndBrokenSettings) {
  const ScratchDir scratch;
  for (const char* text : {"listen.prot: 1\n", "listen.port: 1\nlisten: {port: 2}\n", "listen.port: [1]\n",
                           "a: [", "- a\n", "transports.zmq: 1\n"}) {
    const auto found = read_local_overrides(scratch.write("bad.yml", text));
    ASSERT_FALSE(found) << text;
    EXPECT_TRUE(found.error().origin.starts_with(scratch.path("bad.yml") + ":")) << found.error().origin;
  }
  EXPECT_FALSE(read_local_overrides(scratch.path("")));
}

TEST(LocalFile, ReportsAllItsErrorsAtOnce) {
  const LocalReading reading =
      read_local_text("f.yml", "listen.prot: 1\nlog: {levle: x}\nlogin_timeout: [1]\n");

  ASSERT_EQ(reading.diagnostics.errors().size(), 3u);
  EXPECT_EQ(reading.diagnostics.origin(reading.diagnostics.errors()[1].at), "f.yml:2:7");
}

TEST(Duration, AcceptsOneMillisecondToOneDay) {
  EXPECT_FALSE(parse_duration("0ms"));
  EXPECT_EQ(parse_duration("1ms").value(), base::Milliseconds(1));
  EXPECT_EQ(parse_duration("2m").value(), base::Milliseconds(120'000));
  EXPECT_EQ(parse_duration("24h").value(), base::Milliseconds(86'400'000));
  EXPECT_FALSE(parse_duration("25h"));
  for (const char* text : {"", "s", "1", "1 s", "1.5s", "1d", "99999999999s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(AddressText, FillsInWhatIsMissing) {
  const Address defaults{"tcp", "old", 8002};
  EXPECT_EQ(text(parse_address("new", defaults).value()), "tcp://new:8002");
  EXPECT_EQ(text(parse_address("new:1", defaults).value()), "tcp://new:1");
  EXPECT_EQ(text(parse_address("::1", defaults).value()), "tcp://[::1]:8002");
  EXPECT_EQ(text(parse_address("[::1]", defaults).value()), "tcp://[::1]:8002");
  EXPECT_EQ(text(parse_address("[::1]:7", defaults).value()), "tcp://[::1]:7");
  EXPECT_EQ(text(parse_address("zmq://1.2.3.4:9", defaults).value()), "zmq://1.2.3.4:9");
  for (const char* wrong : {"", ":1", "a:", "a:0", "a:65536", "tcp://", "TCP://a", "[::1", "a/b"})
    EXPECT_FALSE(parse_address(wrong, defaults)) << wrong;
}

}  // namespace
}  // namespace fairlead::config
