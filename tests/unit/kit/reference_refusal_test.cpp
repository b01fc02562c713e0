// Every defect of a kit of the reference, one at a time, in a kit that is otherwise as it was made.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "kit/kit.hpp"
#include "support/reference_kit.hpp"
#include "tampering.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using support::edit;
using support::ReferenceProject;

const std::string kAdmin = "admin@example.org";

struct Defect {
  const char* name;
  const char* participant;
  std::function<void(const ReferenceProject& project, const fs::path& startup)> damage;
  const char* reason;
  const char* file;  ///< inside the kit, where the error stands
  const char* said;
};

/// The bytes of a std::function tell nobody anything.
void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.name; }

Defect in_json(const char* name, const char* participant, const char* file, const char* what,
               const char* with, const char* said) {
  return {name,
          participant,
          [=](const ReferenceProject&, const fs::path& startup) {
            edit(startup / fs::path(file).filename(), what, with);
          },
          "kit_bad_settings",
          file,
          said};
}

constexpr const char *kServer = "server1", *kSite = "site-1", *kBoss = "admin@example.org";
constexpr const char *kServerJson = "startup/fed_server.json", *kSiteJson = "startup/fed_client.json",
                     *kAdminJson = "startup/fed_admin.json";

const Defect kFileDefects[] = {
    {"NoRoot", kSite, [](const auto&, const fs::path& s) { fs::remove(s / "rootCA.pem"); },
     "kit_missing_file", "startup/rootCA.pem", "rootCA.pem is missing"},
    {"NoKey", kSite, [](const auto&, const fs::path& s) { fs::remove(s / "client.key"); }, "kit_missing_file",
     "startup/client.key", "client.key is missing"},
    {"NoCertificate", kServer, [](const auto&, const fs::path& s) { fs::remove(s / "server.crt"); },
     "kit_missing_file", "startup/server.crt", "server.crt is missing"},
    {"OpenKey", kSite, [](const auto&, const fs::path& s) { support::set_mode(s / "client.key", 0644); },
     "kit_unsafe_mode", "startup/client.key", "has mode 0644, expected 0600"},
    {"OpenFolder", kSite, [](const auto&, const fs::path& s) { support::set_mode(s, 0775); },
     "kit_unsafe_mode", "startup", "lets others write here"},
    {"OpenJson", kSite,
     [](const auto&, const fs::path& s) { support::set_mode(s / "fed_client.json", 0664); },
     "kit_unsafe_mode", kSiteJson, "has mode 0664"},
    {"LinkedKey", kSite,
     [](const auto&, const fs::path& s) {
       fs::rename(s / "client.key", s.parent_path() / "client.key");
       fs::create_symlink(s.parent_path() / "client.key", s / "client.key");
     },
     "kit_symlink", "startup/client.key", "is a symbolic link"},
    {"KeyOfAnother", kSite,
     [](const auto& project, const fs::path& s) {
       support::put_in_place_of(project.kit("server1") / "startup/server.key", s / "client.key");
     },
     "kit_key_mismatch", "startup/client.key", "client.key is not the key of client.crt"},
    {"KeyThatIsNone", kSite,
     [](const auto&, const fs::path& s) { support::write_text(s / "client.key", "x"); }, "kit_bad_key",
     "startup/client.key", ""},
    {"ForeignRoot", kSite,
     [](const auto&, const fs::path& s) {
       const ReferenceProject other({.first_key = 20});
       support::put_in_place_of(other.kit("site-1") / "startup/rootCA.pem", s / "rootCA.pem");
     },
     "kit_bad_certificate", "startup/client.crt", "does not lead to the project's root"},
    {"BothKits", kSite,
     [](const auto& project, const fs::path& s) {
       support::put_in_place_of(project.kit("server1") / "startup/fed_server.json", s / "fed_server.json");
     },
     "kit_mixed", kSiteJson, "are of two different kits"},
    {"SignedKitBefore", kSite,
     [](const auto&, const fs::path& s) {
       fs::create_directory(s.parent_path() / "state");
       support::write_text(s.parent_path() / "state/version", "{}");
     },
     "kit_mixed", kSiteJson, "a signed kit ran here before"},
    {"Delegated", kSite,
     [](const auto&, const fs::path& s) { fs::create_directory(s.parent_path() / "delegation"); },
     "kit_bad_delegation", "delegation", "cannot be delegated"},
    {"BehindARelay", kSite,
     [](const auto&, const fs::path& s) {
       support::write_text(s.parent_path() / "local/relay__resources.json", "{}");
     },
     "kit_not_supported", "local/relay__resources.json", "there are no relays here"},
    {"SignedInStartup", kSite,
     [](const auto&, const fs::path& s) { support::write_text(s / "signature.json", "{}"); },
     "kit_not_supported", "startup/signature.json", "homomorphic encryption or confidential computing"},
    {"SignedInLocal", kSite,
     [](const auto&, const fs::path& s) {
       support::write_text(s.parent_path() / "local/signature.json", "{}");
     },
     "kit_not_supported", "local/signature.json", "cannot check"},
    {"SignedAsAWhole", kServer,
     [](const auto&, const fs::path& s) { support::write_text(s.parent_path() / "signature.json", "{}"); },
     "kit_not_supported", "signature.json", "cannot check"},
};

const Defect kCertificateDefects[] = {
    {"CertificateOfAnother", kSite,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(kSite, "client", {.common_name = "site-2"});
     },
     "kit_wrong_identity", "startup/client.crt", "certificate is for site-2, expected site-1"},
    {"CertificateOfNobody", kSite,
     [](const auto& project, const fs::path&) { project.replace_certificate(kSite, "client", {.org = "o"}); },
     "kit_wrong_identity", "startup/client.crt", "certificate is for nobody"},
    {"CertificateWithAnotherIdentity", kSite,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(
           kSite, "client", {.common_name = kSite, .names = {"URI:fairlead://example_project/client/x"}});
     },
     "kit_wrong_identity", "startup/client.crt", "certificate is for fairlead://example_project/client/x"},
    {"CertificateForOtherUse", kSite,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(kSite, "client", {.common_name = kSite, .more = "serverAuth"});
     },
     "kit_bad_certificate", "startup/client.crt", "unsuitable certificate purpose"},
    {"SiteWithARole", kSite,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(kSite, "client", {.common_name = kSite, .role = "lead"});
     },
     "kit_wrong_identity", "startup/client.crt", "it is an administrator's"},
    {"AdminWithoutARole", kBoss,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(kAdmin, "client", {.common_name = kAdmin, .role = "king"});
     },
     "kit_wrong_identity", "startup/client.crt", "has role \"king\", expected project_admin"},
    {"SiteWithTheServersName", kSite,
     [](const auto& project, const fs::path& s) {
       edit(s / "fed_client.json", "\"fqsn\": \"site-1\"", "\"fqsn\": \"server1\"");
       project.replace_certificate(kSite, "client", {.common_name = "server1"});
     },
     "kit_wrong_identity", "startup/client.crt", "which is the server"},
    {"ServerWhoseKeySignsNoTokens", kServer,
     [](const auto& project, const fs::path&) {
       project.replace_certificate(kServer, "server", {.common_name = "server1", .more = "serverAuth"});
     },
     "kit_bad_certificate", "startup/server.crt", "extended key usage"},
};

const Defect kJsonDefects[] = {
    in_json("NotJson", kSite, kSiteJson, "{", "[", ""),
    in_json("ListForAnObject", kSite, kSiteJson, "\"client\": {", "\"client\": [], \"x\": {",
            "client is not an object"),
    in_json("NoFormat", kSite, kSiteJson, "\"format_version\": 2,", "", "format_version: missing"),
    in_json("NewerFormat", kSite, kSiteJson, "\"format_version\": 2", "\"format_version\": 3",
            "format_version: 3, this program reads 2"),
    in_json("AdminsFormat", kBoss, kAdminJson, "\"format_version\": 1", "\"format_version\": 2",
            "format_version: 2, this program reads 1"),
    in_json("UnknownSecurity", kSite, kSiteJson, "\"mtls\"", "\"None\"", "client.connection_security: "),
    in_json("SecurityThatIsNoText", kServer, kServerJson, "\"mtls\"", "1",
            "servers[0].connection_security: 1, expected a text"),
    in_json("EmptySecurity", kBoss, kAdminJson, "\"mtls\"", "\"\"", "admin.connection_security: "),
    in_json("PortOfNothing", kSite, kSiteJson, ":8002", ":0",
            "servers[0].service.target: \"0\" is not a port"),
    in_json("PortAboveAll", kServer, kServerJson, ":8002", ":65536", "\"65536\" is not a port"),
    in_json("TargetWithoutAPort", kSite, kSiteJson, ":8002", "", "\"127.0.0.1\" is not HOST:PORT"),
    in_json("TargetWithoutAHost", kSite, kSiteJson, "127.0.0.1:", ":", "\":8002\" is not HOST:PORT"),
    in_json("TargetThatIsNoHost", kSite, kSiteJson, "127.0.0.1:", "a b:", "\"a b\" is not a host"),
    in_json("AdminPortThatIsText", kServer, kServerJson, "8003", "\"8003\"",
            "servers[0].admin_port: \"8003\", expected a port"),
    in_json("AdminPortAboveAll", kBoss, kAdminJson, "8003", "65536", "admin.port: 65536, expected a port"),
    in_json("AdminHostThatIsNone", kBoss, kAdminJson, "127.0.0.1", "a b",
            "admin.host: \"a b\" is not a host"),
    in_json("UnknownScheme", kSite, kSiteJson, "grpc", "carrier", "servers[0].service.scheme: \"carrier\""),
    in_json("TwoServers", kServer, kServerJson, "\"servers\": [", "\"servers\": [{},",
            "servers: 2 entries, expected exactly one"),
    in_json("NoServer", kSite, kSiteJson, "\"servers\": [", "\"servers\": [], \"x\": [",
            "servers: 0 entries, expected exactly one"),
    in_json("NoProject", kSite, kSiteJson, "\"name\": \"example_project\",", "", "servers[0].name: missing"),
    in_json("OddProject", kServer, kServerJson, "\"example_project\"", "\"a/b\"", "servers[0].name: "),
    in_json("NoServerIdentity", kSite, kSiteJson, "\"identity\"", "\"other\"",
            "servers[0].identity: missing"),
    in_json("NoName", kSite, kSiteJson, "\"site-1\"", "\"\"", "client.fqsn: \"\", expected a text"),
    in_json("NameOfTheServer", kSite, kSiteJson, "\"site-1\"", "\"server\"", "client.fqsn: "),
    in_json("AdminWithoutAHost", kBoss, kAdminJson, "admin@example.org", "admin", "admin.username: "),
    in_json("KeyElsewhere", kSite, kSiteJson, "\"client.key\"", "\"../client.key\"",
            "client.ssl_private_key: \"../client.key\", expected \"client.key\""),
    in_json("RootElsewhere", kServer, kServerJson, "\"rootCA.pem\"", "\"/etc/ca.pem\"",
            "servers[0].ssl_root_cert: \"/etc/ca.pem\", expected \"rootCA.pem\""),
    in_json("AdminsRootElsewhere", kBoss, kAdminJson, "\"rootCA.pem\"", "\"ca.pem\"",
            "admin.ca_cert: \"ca.pem\""),
};

class ReferenceDefect : public testing::TestWithParam<Defect> {};
const auto kNames = [](const auto& test) { return std::string(test.param.name); };
INSTANTIATE_TEST_SUITE_P(Files, ReferenceDefect, testing::ValuesIn(kFileDefects), kNames);
INSTANTIATE_TEST_SUITE_P(Certificates, ReferenceDefect, testing::ValuesIn(kCertificateDefects), kNames);
INSTANTIATE_TEST_SUITE_P(Json, ReferenceDefect, testing::ValuesIn(kJsonDefects), kNames);

TEST_P(ReferenceDefect, N59IsRefusedWithItsReason) {
  const ReferenceProject project;
  const fs::path kit = project.kit(GetParam().participant);
  ASSERT_TRUE(Kit::open(kit).has_value()) << Kit::open(kit).error().line();

  GetParam().damage(project, kit / "startup");
  const auto opened = Kit::open(kit);

  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, base::ErrorCode::bad_configuration);
  EXPECT_EQ(opened.error().reason, GetParam().reason) << opened.error().line();
  EXPECT_EQ(opened.error().origin, (kit / GetParam().file).string() + ":1:1");
  EXPECT_NE(opened.error().text.find(GetParam().said), std::string::npos) << opened.error().text;
  EXPECT_NE(opened.error().hint, "");
}

TEST(ReferenceDefects, OpenKeyNamesTheCommandToType) {
  const ReferenceProject project;
  const fs::path key = project.kit("site-1") / "startup/client.key";
  support::set_mode(key, 0640);

  EXPECT_EQ(Kit::open(project.kit("site-1")).error().hint, "type: chmod 600 " + key.string());
}

TEST(ReferenceDefects, EveryWrongFieldIsNamedAtOnce) {
  const ReferenceProject project;
  const fs::path file = project.kit("site-1") / "startup/fed_client.json";
  edit(file, ":8002", ":0");
  edit(file, "\"mtls\"", "\"ssl\"");
  edit(file, "\"client.crt\"", "7");

  const std::string text = Kit::open(project.kit("site-1")).error().text;

  for (const char* field :
       {"servers[0].service.target: ", "client.connection_security: ", "client.ssl_cert: 7, "})
    EXPECT_NE(text.find(field), std::string::npos) << text;
}

TEST(ReferenceDefects, KitsOfRelaysAndBehindThemAreRefused) {
  const ReferenceProject project({.relay = "relay-1"});

  for (const char* name : {"relay-1", "site-1"}) {
    const auto opened = Kit::open(project.kit(name));
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().reason, "kit_not_supported");
    EXPECT_NE(opened.error().hint.find("connect_to"), std::string::npos) << opened.error().hint;
  }
  EXPECT_TRUE(Kit::open(project.kit("server1")).has_value());
}

TEST(ReferenceDefects, KitsForHomomorphicEncryptionAreRefused) {
  const ReferenceProject project({.has_signatures = true});

  for (const char* name : {"server1", "site-1"})
    EXPECT_EQ(support::reason_to_refuse(project.kit(name)), "kit_not_supported") << name;
}

TEST(ReferenceDefects, ACustomCaThatIsUsedMustBeOne) {
  const ReferenceProject junk({.connection_security = "tls", .custom_ca = "junk"});
  const ReferenceProject key(
      {.connection_security = "tls", .custom_ca = support::pkcs1_pem(support::reference_key(0))});

  for (const ReferenceProject* project : {&junk, &key}) {
    const auto opened = Kit::open(project->kit("site-1"));
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().reason, "kit_bad_certificate");
    EXPECT_EQ(opened.error().text.find("PRIVATE KEY-"), std::string::npos);
  }
}

TEST(ReferenceDefects, ASignedKitIsNeverTakenForOneOfTheReference) {
  const support::GivenProject project;
  const ReferenceProject reference;
  support::put_in_place_of(reference.kit("site-1") / "startup/fed_client.json",
                           project.kit("site-1") / "startup/fed_client.json");

  EXPECT_EQ(support::reason_to_refuse(project.kit("site-1")), "kit_extra_file");
  for (const char* file : {"manifest.json", "manifest.sig"}) {
    fs::remove(project.kit("site-1") / "startup" / file);
    EXPECT_EQ(support::reason_to_refuse(project.kit("site-1")), "kit_missing_file");
  }
}

}  // namespace
}  // namespace fairlead::kit
