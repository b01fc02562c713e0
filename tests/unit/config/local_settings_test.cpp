#include "config/local_settings.hpp"

#include <set>

#include "given.hpp"

namespace fairlead::config {
namespace {

using base::ParticipantType;

const std::pair<ParticipantType, const char*> kKinds[] = {{ParticipantType::server, "srv"},
                                                          {ParticipantType::client, "c"},
                                                          {ParticipantType::admin, "a@b.c"},
                                                          {ParticipantType::service, "third"}};

ResolvedParticipant participant(const char* name) {
  const ResolvedProject all = resolved(project_with("") + "- {name: a@b.c, type: admin, org: o}\n" +
                                       "- {name: third, type: service, org: o}\n");
  return *all.find(name);
}

/// The sample with every setting switched on: '#' directly before a key or its blanks goes away.
std::string switched_on(const std::string& sample) {
  std::string out = sample;
  for (size_t at = 0; (at = out.find("\n#", at)) != std::string::npos; ++at)
    if (out.compare(at + 2, 1, " ") != 0 || out.compare(at + 2, 2, "  ") == 0) out.erase(at + 1, 1);
  return out;
}

TEST(LocalSettings, AreDescribedInFull) {
  std::set<std::string_view> seen;
  for (const LocalSetting& row : local_settings()) {
    EXPECT_TRUE(seen.insert(row.key).second) << row.key << " stands twice";
    EXPECT_FALSE(row.form.empty()) << row.key;
    EXPECT_FALSE(row.help.empty()) << row.key;
    EXPECT_FALSE(row.example.empty()) << row.key;
    EXPECT_NE(row.types & kEveryParticipant, 0u) << row.key;
    EXPECT_NE(row.places & kAnyPlace, 0u) << row.key;
    EXPECT_NE(row.set, nullptr) << row.key;
  }
}

TEST(LocalSettings, OfEveryTypeTakeTheirExamples) {
  for (const auto& [type, name] : kKinds)
    for (const LocalSetting& row : local_settings()) {
      ResolvedParticipant one = participant(name);
      const auto done =
          apply_overrides(one, {{std::string(row.key), std::string(row.example), Origin::environment, "X"}});
      EXPECT_EQ(done.has_value(), (row.types & level_of(type)) != 0) << row.key << " of " << name;
    }
}

TEST(LocalSettings, HaveTheDefaultsOfTheModel) {
  const Timeouts model;
  for (const LocalSetting& row : local_settings()) {
    if (!parse_duration(row.default_text)) continue;
    ResolvedParticipant one = participant("srv");
    ASSERT_TRUE(apply_overrides(
        one, {{std::string(row.key), std::string(row.default_text), Origin::command_line, "--set"}}));

    for (const auto member :
         {&Timeouts::connect, &Timeouts::handshake, &Timeouts::login, &Timeouts::first_byte,
          &Timeouts::heartbeat_interval, &Timeouts::token_lifetime, &Timeouts::session_lifetime})
      EXPECT_EQ((one.timeouts.*member).value, (model.*member).value) << row.key;
  }
}

TEST(LocalSettings, AreFoundByTheirKey) {
  EXPECT_EQ(find_local_setting("listen.port")->key, "listen.port");
  EXPECT_EQ(find_local_setting("transports.pigeon.plugin")->key, "transports.SCHEME.plugin");
  EXPECT_EQ(find_local_setting("transports.zmq.io_threads")->key, "transports.SCHEME.OPTION");
  EXPECT_EQ(find_local_setting("transports.zmq.a.b")->key, "transports.SCHEME.OPTION");
  for (const char* none : {"", "listen", "listen.", ".port", "listen.port.x", "transports", "transports.zmq",
                           "transports.zmq.", "transports..plugin", "LISTEN.PORT"})
    EXPECT_EQ(find_local_setting(none), nullptr) << none;
}

TEST(LocalSettings, HaveNamesInTheEnvironment) {
  EXPECT_EQ(environment_name("listen.port"), "FAIRLEAD_LISTEN__PORT");
  EXPECT_EQ(environment_name("connect_to"), "FAIRLEAD_CONNECT_TO");
}

TEST(LocalSettings, SayWhereAKeyOfAnotherPlaceBelongs) {
  const KeyProblem elsewhere = explain_unknown_setting("custom_ca_cert", kCommandLine);
  EXPECT_EQ(elsewhere.text, "\"custom_ca_cert\" cannot be set here");
  EXPECT_EQ(elsewhere.hint, "it may stand in local/fairlead.yml of the kit");

  const KeyProblem typo = explain_unknown_setting("custom_ca_cret", kLocalFile);
  EXPECT_EQ(typo.hint, "did you mean \"custom_ca_cert\"?");
  EXPECT_EQ(explain_unknown_setting("custom_ca_cret", kCommandLine).hint.find("custom_ca"),
            std::string::npos);
}

TEST(LocalSample, HasNothingSwitchedOn) {
  const ScratchDir scratch;
  for (const auto& [type, name] : kKinds) {
    const auto found = read_local_overrides(scratch.write("fairlead.yml", local_settings_sample(type)));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
  }
}

TEST(LocalSample, HoldsEverySettingOfItsTypeReadyToUse) {
  const ScratchDir scratch;
  for (const auto& [type, name] : kKinds) {
    const auto found =
        read_local_overrides(scratch.write("fairlead.yml", switched_on(local_settings_sample(type))));
    ASSERT_TRUE(found) << found.error().line() << switched_on(local_settings_sample(type));

    size_t expected = 0;
    for (const LocalSetting& row : local_settings())
      expected += (row.types & level_of(type)) != 0 && (row.places & kLocalFile) != 0 ? 1 : 0;
    EXPECT_EQ(found->size(), expected);
    ResolvedParticipant one = participant(name);
    EXPECT_TRUE(apply_overrides(one, *found));
  }
}

}  // namespace
}  // namespace fairlead::config
