#include "kit/reference_kit.hpp"

#include <gtest/gtest.h>

#include "config/shipped_transports.hpp"
#include "kit/delegated.hpp"
#include "support/reference_kit.hpp"

namespace fairlead::kit {
namespace {

using base::ConnectionSecurity;
using base::ParticipantType;
using support::ReferencePlan;
using support::ReferenceProject;

const std::string kAdmin = "admin@example.org";

Kit must_open(const std::filesystem::path& path) {
  auto kit = Kit::open(path);
  EXPECT_TRUE(kit.has_value()) << kit.error().line();
  if (!kit) std::abort();
  return std::move(*kit);
}

std::string notes_of(const Kit& kit) {
  std::string all;
  for (const config::Note& note : kit.notes())
    all += std::string(config::name(note.level)) + ": " + note.text + "\n";
  return all;
}

TEST(ReferenceKit, OpensTheServersKit) {
  const ReferenceProject project;

  const Kit kit = must_open(project.kit("server1"));

  EXPECT_EQ(kit.settings().type, ParticipantType::server);
  EXPECT_EQ(kit.settings().name, "server1");
  EXPECT_EQ(kit.settings().project, "example_project");
  EXPECT_EQ(kit.settings().server_name, "server1");
  EXPECT_EQ(kit.settings().org, "example");
  EXPECT_EQ(kit.settings().default_host, "server1");
  EXPECT_EQ(kit.settings().host_names, std::vector<std::string>{"127.0.0.1"});
  EXPECT_FALSE(kit.settings().connect_to.has_value());
}

TEST(ReferenceKit, ServerListensForClientsAndForAdmins) {
  const ReferenceProject project({.port = 9002, .admin_port = 9003});

  const Kit kit = must_open(project.kit("server1"));

  const auto listeners = resolved_participant(kit).listeners;
  ASSERT_EQ(listeners.size(), 2u);
  EXPECT_EQ(config::text(listeners[0]).substr(0, 6), "tcp://");
  EXPECT_EQ(listeners[0].port, 9002);
  EXPECT_EQ(listeners[0].purpose, config::Purpose::clients);
  EXPECT_EQ(listeners[1].port, 9003);
  EXPECT_EQ(listeners[1].purpose, config::Purpose::admins);
}

TEST(ReferenceKit, OnePortForBothIsOneListener) {
  const ReferenceProject project({.port = 9002, .admin_port = 9002});

  const Kit kit = must_open(project.kit("server1"));

  ASSERT_EQ(kit.settings().listeners.size(), 1u);
  EXPECT_EQ(kit.settings().listeners[0].purpose, config::Purpose::both);
}

TEST(ReferenceKit, TheServersOneKeySignsTokensToo) {
  const ReferenceProject project;

  const Kit kit = must_open(project.kit("server1"));

  ASSERT_NE(kit.token_key(), nullptr);
  EXPECT_EQ(kit.token_key()->type(), crypto::KeyType::rsa);
  EXPECT_EQ(kit.token_key()->public_key().spki(), kit.key().public_key().spki());
  EXPECT_EQ(kit.token_certificate()->sha256(), kit.leaf().sha256());
}

TEST(ReferenceKit, OpensASitesKit) {
  const ReferenceProject project({.connect_to = "fl.example.org"});

  const Kit kit = must_open(project.kit("site-1"));

  EXPECT_EQ(kit.settings().type, ParticipantType::client);
  EXPECT_EQ(kit.settings().name, "site-1");
  EXPECT_EQ(kit.settings().server_name, "server1");
  EXPECT_EQ(config::text(resolved_participant(kit).connect_to.value), "tcp://fl.example.org:8002");
  EXPECT_EQ(resolved_participant(kit).connect_to.origin, config::Origin::participant);
  EXPECT_EQ(kit.token_key(), nullptr);
  EXPECT_EQ(base::as_text(kit.key_pem().expose()).substr(0, 31), "-----BEGIN RSA PRIVATE KEY-----");
}

TEST(ReferenceKit, OpensAnAdminsKitWithTheRoleOfItsCertificate) {
  const ReferenceProject project({.admins = {{kAdmin, "org_admin"}}});

  const Kit kit = must_open(project.kit(kAdmin));

  EXPECT_EQ(kit.settings().type, ParticipantType::admin);
  EXPECT_EQ(kit.settings().role, "org_admin");
  EXPECT_EQ(kit.settings().connect_to->port, 8003);
}

TEST(ReferenceKit, FollowsLegacyRulesAndIsNotSigned) {
  const ReferenceProject project;

  const Kit kit = must_open(project.kit("site-1"));

  EXPECT_EQ(kit.trust_anchor().legacy, crypto::LegacyRules::yes);
  EXPECT_FALSE(kit.is_signed());
  EXPECT_NE(notes_of(kit).find("warning: this is a kit of another provisioner (fed_client.json, format 2): "
                               "nothing in it is signed"),
            std::string::npos)
      << notes_of(kit);
}

TEST(ReferenceKit, OfOurOwnProvisionDoesNotFollowThem) {
  const support::GivenProject project;

  const Kit kit = must_open(project.kit("site-1"));

  EXPECT_EQ(kit.trust_anchor().legacy, crypto::LegacyRules::no);
  EXPECT_TRUE(kit.is_signed());
  EXPECT_EQ(notes_of(kit), "");
}

TEST(ReferenceKit, LeavesNoTraceOfItsVersion) {
  const ReferenceProject project;

  const Kit kit = must_open(project.kit("site-1"));

  EXPECT_TRUE(kit.remember_version().has_value());
  EXPECT_FALSE(std::filesystem::exists(kit.path() / "state"));
}

TEST(ReferenceKit, WorksWithoutHostNamesAndWithADefaultHost) {
  const ReferenceProject project({.default_host = "fl.example.org", .host_names = {}});

  const Kit kit = must_open(project.kit("server1"));

  EXPECT_EQ(kit.settings().name, "server1");
  EXPECT_EQ(kit.settings().default_host, "fl.example.org");
  EXPECT_TRUE(kit.settings().host_names.empty());
}

TEST(ReferenceKit, CutsTheNameOfTheServerLikeItsCertificate) {
  const std::string name = std::string(70, 's');
  const ReferenceProject project({.server = name, .default_host = "localhost"});

  EXPECT_EQ(must_open(project.kit(name)).settings().server_name, name.substr(0, 64));
  EXPECT_EQ(must_open(project.kit("site-1")).settings().server_name, name.substr(0, 64));
}

TEST(ReferenceKit, TakesTheNameOfTheCertificateWhereBothAreGiven) {
  const ReferenceProject project;
  support::edit(project.kit("site-1") / "startup/fed_client.json", "\"fqsn\": \"site-1\"",
                "\"fqsn\": \"other\", \"auth_identity\": \"site-1\"");

  EXPECT_EQ(must_open(project.kit("site-1")).settings().name, "site-1");
}

TEST(ReferenceKit, TakesAnAddressOfVersion6AsTheReferenceWritesIt) {
  const ReferenceProject project({.connect_to = "::1"});

  EXPECT_EQ(must_open(project.kit("site-1")).settings().connect_to->host, "::1");
}

/// Parameter: as written, and what it means.
class ReferenceSecurity : public testing::TestWithParam<std::pair<const char*, ConnectionSecurity>> {};
INSTANTIATE_TEST_SUITE_P(Words, ReferenceSecurity,
                         testing::Values(std::pair("mtls", ConnectionSecurity::mtls),
                                         std::pair("MTLS", ConnectionSecurity::mtls),
                                         std::pair("Tls", ConnectionSecurity::tls),
                                         std::pair("CLEAR", ConnectionSecurity::clear)));

TEST_P(ReferenceSecurity, IsTakenInAnyLetterCase) {
  const ReferenceProject project({.connection_security = GetParam().first});

  for (const std::string& name : {std::string("server1"), std::string("site-1"), kAdmin}) {
    const Kit kit = must_open(project.kit(name));
    EXPECT_EQ(kit.settings().connection_security, GetParam().second) << name;
    EXPECT_EQ(resolved_participant(kit).connection_security.value, GetParam().second) << name;
  }
}

TEST(ReferenceKit, OfBeforeConnectionSecurityMeansMtls) {
  const ReferenceProject project({.connection_security = "clear"});
  support::edit(project.kit("site-1") / "startup/fed_client.json",
                ",\n    \"connection_security\": \"clear\"", "");

  const Kit kit = must_open(project.kit("site-1"));

  EXPECT_EQ(kit.settings().connection_security, ConnectionSecurity::mtls);
  EXPECT_EQ(resolved_participant(kit).connection_security.origin, config::Origin::default_value);
}

class ReferenceScheme : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Words, ReferenceScheme, testing::Values("grpc", "stcp", "http"));

TEST_P(ReferenceScheme, MeansTcpWithOneNotice) {
  const ReferenceProject project({.scheme = GetParam()});

  for (const std::string& name : {std::string("server1"), std::string("site-1"), kAdmin}) {
    const Kit kit = must_open(project.kit(name));
    EXPECT_EQ(resolved_participant(kit).scheme.value, "tcp");
    EXPECT_NE(
        notes_of(kit).find("info: the scheme " + std::string(GetParam()) + " of this kit means tcp here"),
        std::string::npos)
        << notes_of(kit);
  }
}

TEST(ReferenceKit, OfTcpNeedsNoNoticeOfThat) {
  const ReferenceProject project({.scheme = "tcp"});

  EXPECT_EQ(notes_of(must_open(project.kit("site-1"))).find("means tcp"), std::string::npos);
}

TEST(ReferenceKit, SaysOnceWhatMeansNothingHere) {
  const ReferenceProject project;
  support::edit(project.kit("site-1") / "startup/fed_client.json", "\"is_leaf\": true",
                "\"is_leaf\": true, \"retry_timeout\": 30");

  const std::string notes = notes_of(must_open(project.kit("site-1")));

  EXPECT_NE(
      notes.find("info: these mean nothing here: client.retry_timeout, local/authorization.json.default, "
                 "local/comm_config.json, "),
      std::string::npos)
      << notes;
}

TEST(ReferenceKit, DoesNotCallWhatTheSiteKeepsForUsMeaningless) {
  const ReferenceProject project;
  for (const char* file : {"fairlead.yml", "crl.pem", "privacy.json"})
    support::write_text(project.kit("site-1") / "local" / file, "");

  const std::string notes = notes_of(must_open(project.kit("site-1")));

  for (const char* file : {"fairlead.yml", "crl.pem", "privacy.json,"})
    EXPECT_EQ(notes.find(file), std::string::npos) << notes;
}

TEST(ReferenceKit, AllowsNothingButShippedPlugins) {
  const ReferenceProject project;

  const auto plugins = must_open(project.kit("site-1")).settings().plugins;

  ASSERT_EQ(plugins.size(), config::kShippedTransports.size());
  for (const AllowedPlugin& one : plugins) {
    const config::ShippedTransport* shipped = config::shipped_with_id(one.id);
    ASSERT_NE(shipped, nullptr) << one.id;
    EXPECT_EQ(one.trusted_link, shipped->trusted_link) << one.id;
  }
}

TEST(ReferenceKit, HonoursTheCustomCaOfWhoConnectsWithTls) {
  const std::string ca =
      support::certificate_pem(support::reference_root({.common_name = "proxy"}, support::reference_key(50)));
  const ReferenceProject project({.connection_security = "tls", .custom_ca = ca});

  const Kit site = must_open(project.kit("site-1"));

  EXPECT_EQ(site.custom_ca_pem(), ca);
  EXPECT_TRUE(resolved_participant(site).custom_ca_used);
  EXPECT_EQ(resolved_participant(site).expected_message_security, base::MessageSecurity::seal);
  EXPECT_FALSE(must_open(project.kit("server1")).custom_ca_pem().has_value());
  EXPECT_FALSE(must_open(project.kit(kAdmin)).custom_ca_pem().has_value());
}

TEST(ReferenceKit, DoesNotReadACustomCaThatNobodyUses) {
  const ReferenceProject project({.connection_security = "mtls", .custom_ca = "junk"});

  const Kit site = must_open(project.kit("site-1"));

  EXPECT_FALSE(site.custom_ca_pem().has_value());
  EXPECT_FALSE(resolved_participant(site).custom_ca_used);
  EXPECT_TRUE(resolved_participant(site).custom_ca_cert.has_value());
}

TEST(ReferenceKit, CannotDelegate) {
  const ReferenceProject project({.connection_security = "tls"});
  const Kit site = must_open(project.kit("site-1"));
  const base::SystemClock clock;
  base::SystemRandom random;

  const auto made = make_delegated_kit(
      site, {"site-1/app", {"t"}, std::chrono::minutes(5), {}, project.folder() / "made"}, clock, random);

  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, base::ErrorCode::bad_arguments);
  EXPECT_NE(made.error().text.find("is a kit of another provisioner"), std::string::npos)
      << made.error().text;
  EXPECT_FALSE(std::filesystem::exists(project.folder() / "made"));
}

TEST(IsKit, KnowsAFolderWithAStartupFolder) {
  const ReferenceProject project;

  EXPECT_TRUE(is_kit(project.kit("site-1")));
  EXPECT_FALSE(is_kit(project.kit("site-1") / "startup"));
  EXPECT_FALSE(is_kit(project.kit("site-1") / "startup/fed_client.json"));
}

}  // namespace
}  // namespace fairlead::kit
