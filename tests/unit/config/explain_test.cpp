#include "config/explain.hpp"

#include "given.hpp"

namespace fairlead::config {
namespace {

constexpr const char* kTest25 = R"(api_version: 3
name: test25
description: NVIDIA FLARE sample project yaml file
connection_security: tls
custom_ca_cert: /path/of/customRoot.pem
participants:
  - name: server
    type: server
    org: nvidia
    fed_learn_port: 8002
    admin_port: 8003
    connection_security: clear
  - name: site-1
    type: client
    org: nvidia
)";

TEST(ExplainJson, IsTheContractedSampleByteForByte) {
  const std::string json = explain_json(resolved(kTest25)).dump();

  EXPECT_EQ(
      json,
      R"({"project":"test25","secure_train":{"value":true,"origin":"default"},"participants":[)"
      R"({"name":"server","type":"server","org":"nvidia",)"
      R"("connection_security":{"value":"clear","origin":"participant","at":"project.yml:12"},)"
      R"("custom_ca_cert":{"value":"/path/of/customRoot.pem","origin":"project","at":"project.yml:5","used":false},)"
      R"("message_security":{"value":"seal","origin":"auto"},)"
      R"("default_host":{"value":"server","origin":"default"},"host_names":{"value":[],"origin":"default"},)"
      R"("listeners":[{"scheme":"tcp","host":"::","port":8002,"connection_security":"clear","for":"clients"},)"
      R"({"scheme":"tcp","host":"::","port":8003,"connection_security":"clear","for":"admins"}]},)"
      R"({"name":"site-1","type":"client","org":"nvidia",)"
      R"("connection_security":{"value":"tls","origin":"project","at":"project.yml:4"},)"
      R"("custom_ca_cert":{"value":"/path/of/customRoot.pem","origin":"project","at":"project.yml:5","used":true},)"
      R"("connect_to":{"value":"tcp://server:8002","origin":"default"}}],)"
      R"("notes":[{"level":"warning","about":["site-1","server"],)"
      R"("text":"site-1 connects with tls and server listens with clear on port 8002: )"
      R"(this pair needs a TLS-terminating proxy in between"}]})");
}

TEST(ExplainJson, ShowsWhatIsSetForOthersThanTheServer) {
  const auto project = resolved(project_with("", "", "message_security: seal\n  proxy: 'http://p:1'") +
                                "- {name: a@b, type: admin, org: o, role: lead}\n");

  const base::Json client = explain_json(project)["participants"].items()[1];
  const base::Json admin = explain_json(project)["participants"].items()[2];

  EXPECT_EQ(client["message_security"]["value"].text(), "seal");
  EXPECT_EQ(client["message_security"]["at"].text(), "project.yml:10");
  EXPECT_EQ(client["proxy"]["value"].text(), "http://p:1");
  EXPECT_TRUE(client["proxy_credentials"].is_null());
  EXPECT_EQ(admin["role"].text(), "lead");
  EXPECT_TRUE(admin["message_security"].is_null());
}

TEST(ExplainJson, HasNoPlaceForDefaultsAutoAndSecureTrain) {
  const base::Json server =
      explain_json(resolved(project_with("secure_train: false\nmessage_security: auto")))["participants"]
          .items()[0];

  EXPECT_EQ(server["connection_security"].dump(), R"({"value":"clear","origin":"secure_train"})");
  EXPECT_EQ(server["message_security"].dump(), R"({"value":"seal","origin":"auto"})");
  EXPECT_TRUE(server["connect_to"].is_null());
  EXPECT_TRUE(server["custom_ca_cert"].is_null());
}

TEST(ExplainJson, PutsIpv6IntoBrackets) {
  const auto project = resolved(project_with("", "host_names: '2001:db8::1'", "connect_to: '2001:db8::1'"));

  EXPECT_EQ(explain_json(project)["participants"].items()[1]["connect_to"]["value"].text(),
            "tcp://[2001:db8::1]:8002");
}

TEST(ExplainJson, SelectsOneParticipantAndItsNotes) {
  ResolvedProject project = resolved(project_with("", "connection_security: clear"));
  project.notes.push_back({NoteLevel::info, {}, "for all"});
  project.notes.push_back({NoteLevel::info, {"else"}, "for another"});

  const base::Json data = explain_json(project, "c");

  ASSERT_EQ(data["participants"].items().size(), 1u);
  EXPECT_EQ(data["participants"].items()[0]["name"].text(), "c");
  EXPECT_EQ(data["notes"].items().size(), 2u);
}

TEST(ExplainTable, IsAligned) {
  EXPECT_EQ(explain_table(resolved(project_with("", "default_host: d")), "srv"),
            "PARTICIPANT  SETTING              VALUE                 ORIGIN\n"
            "srv          type                 server                \n"
            "srv          connection_security  mtls                  default\n"
            "srv          message_security     mac                   auto\n"
            "srv          default_host         d                     participant (project.yml:7)\n"
            "srv          host_names           -                     default\n"
            "srv          listener for both    tcp://[::]:8002 mtls  \n");
}

TEST(ExplainTable, ShowsSettingsOfTheSpotOnlyWhenChanged) {
  ResolvedProject project = resolved(project_with(""));
  ASSERT_TRUE(apply_overrides(project.participants[1],
                              {{"log.level", "debug", Origin::local, "local/fairlead.yml:3"},
                               {"login_timeout", "2s", Origin::environment, "FAIRLEAD_LOGIN_TIMEOUT"}}));

  const std::string table = explain_table(project, "c");

  EXPECT_NE(table.find("local (local/fairlead.yml:3)"), std::string::npos) << table;
  EXPECT_NE(table.find("2000ms"), std::string::npos) << table;
  EXPECT_EQ(table.find("connect_timeout"), std::string::npos) << table;
}

TEST(MissingFiles, AreOneNoteOfLevelError) {
  ResolvedProject project = resolved(kTest25);
  project.notes.clear();

  add_missing_file_notes(project);

  ASSERT_EQ(project.notes.size(), 1u);
  EXPECT_EQ(project.notes[0].level, NoteLevel::error);
  EXPECT_EQ(project.notes[0].about, std::vector<std::string>{"site-1"});
  EXPECT_NE(project.notes[0].text.find("/path/of/customRoot.pem (project.yml:5) does not exist"),
            std::string::npos);
  EXPECT_TRUE(notes_text(project.notes).starts_with("error: "));
}

TEST(MissingFiles, AreNeverOpened) {
  const ScratchDir scratch;
  ResolvedProject project =
      resolved(project_with("custom_ca_cert: " + scratch.write("ca.pem", "no certificate")));

  add_missing_file_notes(project);

  EXPECT_TRUE(project.notes.empty());
}

TEST(Names, AreThoseOfTheContract) {
  const std::vector<std::pair<Origin, std::string>> names = {
      {Origin::default_value, "default"},     {Origin::automatic, "auto"},
      {Origin::secure_train, "secure_train"}, {Origin::project, "project"},
      {Origin::participant, "participant"},   {Origin::local, "local"},
      {Origin::environment, "environment"},   {Origin::command_line, "command line"}};
  for (const auto& [origin, expected] : names) EXPECT_EQ(name(origin), expected);
}

}  // namespace
}  // namespace fairlead::config
