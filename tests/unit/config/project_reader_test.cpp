// Every rule of the project file: what is accepted, what is refused, and where the message points.
#include "config/project_reader.hpp"

#include <gmock/gmock.h>

#include "config/keys.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

struct Refusal {
  const char* name;
  std::string text;
  const char* origin;  ///< LINE:COL
  const char* says;
};

class RefusedProject : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedProject, SaysWhereAndWhy) {
  const std::string errors = errors_of(GetParam().text);

  EXPECT_NE(errors.find(std::string("project.yml:") + GetParam().origin + ": "), std::string::npos) << errors;
  EXPECT_NE(errors.find(GetParam().says), std::string::npos) << errors;
}

// project_with: line 3 is the project's own key; the server's key is then on line 8 (7 without a project
// key), the client's on line 10 when neither of the others is given.
INSTANTIATE_TEST_SUITE_P(
    Project, RefusedProject,
    testing::Values(
        Refusal{"NoVersion", "name: p\nparticipants:\n- {name: s, type: server, org: o}\n", "1:1",
                "\"api_version\""},
        Refusal{"Version2", "api_version: 2\nname: p\n", "1:14", "must be 3"},
        Refusal{"VersionOctal", "api_version: 03\nname: p\n", "1:14", "must be 3"},
        Refusal{"VersionText", "api_version: \"3\"\nname: p\n", "1:14", "must be 3"},
        Refusal{"NoName", "api_version: 3\n", "1:1", "has no \"name\""},
        Refusal{"BadName", "api_version: 3\nname: a b\n", "2:7", "not a valid name"},
        Refusal{"NameIsList", "api_version: 3\nname: [a]\n", "2:7", "expected text, found a list"},
        Refusal{"NameIsNull", "api_version: 3\nname:\n", "2:1", "expected text, found nothing"},
        Refusal{"SecurityInsecure", project_with("connection_security: insecure"), "3:22",
                "mtls, tls, clear"},
        Refusal{"SecuritySsl", project_with("connection_security: ssl"), "3:22", "mtls, tls, clear"},
        Refusal{"SecurityEmpty", project_with("connection_security: ''"), "3:22", "mtls, tls, clear"},
        Refusal{"SecurityBlanks", project_with("connection_security: ' tls '"), "3:22", "mtls, tls, clear"},
        Refusal{"SecurityNull", project_with("connection_security:"), "3:1", "found nothing"},
        Refusal{"MessageSecurity", project_with("message_security: none"), "3:19", "auto, mac, seal"},
        Refusal{"Crl", project_with("crl: strikt"), "3:6", "did you mean \"strict\"?"},
        Refusal{"WeakerOverrides", project_with("weaker_overrides: refuse"), "3:19",
                "did you mean \"refused\"?"},
        Refusal{"KeyCustody", project_with("", "", "key_custody: sites"), "10:16", "did you mean \"site\"?"},
        Refusal{"IssuingCaAtSite", project_with("", "", "issuing_ca: true"), "10:3", "the server"},
        Refusal{"IssuingCaWithStrictLists", project_with("crl: strict", "issuing_ca: true"), "8:15",
                "does not go with crl: strict"},
        Refusal{"IssuingCaWithoutItsKey", project_with("", "issuing_ca: true\n  key_custody: site"), "7:15",
                "needs a server whose key the project makes"},
        Refusal{"ConfidentialComputing", project_with("", "cc_config: cc.yml"), "7:3",
                "confidential computing is not supported"},
        Refusal{"Edge", project_with("edge: {depth: 1}"), "3:1", "edge hierarchies are not supported"},
        Refusal{"EncryptionBuilder", project_with("builders: [{path: nvflare.lighter.impl.he.HEBuilder}]"),
                "3:19", "no context for homomorphic encryption"},
        Refusal{"ConfidentialBuilder", project_with("builders: [{path: a.CertBuilder}, {path: b.CCBuilder}]"),
                "3:42", "nothing for confidential computing"},
        Refusal{"SecureTrainYes", project_with("secure_train: yes"), "3:15", "true or false"},
        Refusal{"SecureTrainQuoted", project_with("secure_train: 'true'"), "3:15", "true or false"},
        Refusal{"SecureTrainAtSite", project_with("", "", "secure_train: false"), "10:3", "the project"},
        Refusal{"Scheme", project_with("scheme: TCP"), "3:9", "name of a transport"},
        Refusal{"CaEmpty", project_with("custom_ca_cert: ''"), "3:17", "empty"},
        Refusal{"TransportsList", project_with("transports: [a]"), "3:13", "map of scheme"},
        Refusal{"TransportsScheme", project_with("transports: {T: {a: 1}}"), "3:14", "name of a transport"},
        Refusal{"TransportsOption", project_with("transports: {zmq: {a: [1]}}"), "3:23", "found a list"},
        Refusal{"PolicyMap", project_with("policy: {}"), "3:9", "list of {from, to, topics}"},
        Refusal{"PolicyMissing", project_with("policy: [{from: c, to: srv}]"), "3:10", "has no \"topics\""},
        Refusal{"PolicyUnknownName", project_with("policy: [{from: nobody, to: srv, topics: a}]"), "3:17",
                "nobody"},
        Refusal{"PolicyNoTopic", project_with("policy: [{from: c, to: srv, topics: []}]"), "3:37",
                "empty list"},
        Refusal{"UnknownKey", project_with("conection_security: tls"), "3:1",
                "did you mean \"connection_security\"?"},
        Refusal{"FarUnknownKey", project_with("zzzzzz: 1"), "3:1", "unknown key \"zzzzzz\" for the project"},
        Refusal{"KeyOfServer", project_with("fed_learn_port: 1"), "3:1", "it belongs to: the server"}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Participants, RefusedProject,
    testing::Values(
        Refusal{"None", "api_version: 3\nname: p\n", "1:1", "has no \"participants\""},
        Refusal{"EmptyList", "api_version: 3\nname: p\nparticipants: []\n", "3:15", "expected a list"},
        Refusal{"Map", "api_version: 3\nname: p\nparticipants: {}\n", "3:15", "expected a list"},
        Refusal{"ItemIsText", std::string(kHead) + "- abc\n", "4:3", "expected a participant"},
        Refusal{"NoServer", std::string(kHead) + kClientItem, "4:1", "no participant of type server"},
        Refusal{"TwoServers", std::string(kHead) + kServerItem + "- {name: s2, type: server, org: o}\n",
                "5:10", "exactly one server"},
        Refusal{"SameName",
                std::string(kHead) + kServerItem + kClientItem + "- {name: C, type: client, org: o}\n",
                "6:10", "taken by \"c\" at line 5"},
        Refusal{"ReservedName", std::string(kHead) + kServerItem + "- {name: SERVER, type: client, org: o}\n",
                "5:10", "reserved"},
        Refusal{"BadAdminName", std::string(kHead) + kServerItem + "- {name: adm, type: admin, org: o}\n",
                "5:10", "user@host"},
        Refusal{"NoType", std::string(kHead) + "- {name: a, org: o}\n", "4:3", "has no \"type\""},
        Refusal{"UnknownType", std::string(kHead) + "- {name: a, type: clinet, org: o}\n", "4:19",
                "did you mean \"client\"?"},
        Refusal{"Relay", std::string(kHead) + "- {name: a, type: relay, org: o}\n", "4:19",
                "relays are not supported"},
        Refusal{"Overseer", std::string(kHead) + "- {name: a, type: overseer, org: o}\n", "4:19",
                "overseers are not supported"},
        Refusal{"NoOrg", std::string(kHead) + "- {name: s, type: server}\n", "4:3", "has no \"org\""},
        Refusal{"RoleOfClient", project_with("", "", "role: lead"), "10:3", "it belongs to: an admin"},
        Refusal{"UnknownRole",
                std::string(kHead) + kServerItem + "- {name: a@b, type: admin, org: o, role: leed}\n", "5:42",
                "did you mean \"lead\"?"},
        Refusal{"PortZero", project_with("", "fed_learn_port: 0"), "7:19", "1 to 65535"},
        Refusal{"PortHigh", project_with("", "admin_port: 65536"), "7:15", "1 to 65535"},
        Refusal{"PortOctal", project_with("", "fed_learn_port: 010"), "7:19", "leading zeros"},
        Refusal{"PortText", project_with("", "fed_learn_port: '8002'"), "7:19", "remove the quotes"},
        Refusal{"HostNames", project_with("", "host_names: [a, a..b]"), "7:19", "is not a host"},
        Refusal{"HostTwice", project_with("", "host_names: [a, A]"), "7:19", "listed twice"},
        Refusal{"DefaultHost", project_with("", "default_host: 1.2.3"), "7:17", "not an IPv4 address"},
        Refusal{"ConnectToOfServer", project_with("", "connect_to: a"), "7:3",
                "cannot be set for the server"},
        Refusal{"ConnectToPort", project_with("", "", "connect_to: a:80"), "10:15", "is not a host"},
        Refusal{"ConnectToNoHost", project_with("", "", "connect_to: {port: 1}"), "10:15", "has no \"host\""},
        Refusal{"ConnectToHigh", project_with("", "", "connect_to: {host: a, port: 65536}"), "10:31",
                "1 to 65535"},
        Refusal{"ConnectToText", project_with("", "", "connect_to: {host: a, port: '1'}"), "10:31",
                "remove the quotes"},
        Refusal{"ConnectToKey", project_with("", "", "connect_to: {host: a, prot: 1}"), "10:25",
                "did you mean \"port\"?"},
        Refusal{"ConnectToList", project_with("", "", "connect_to: [a]"), "10:15", "found a list"},
        Refusal{"ListenersEmpty", project_with("", "listeners: []"), "7:14", "at least one listener"},
        Refusal{"ListenerNoPort", project_with("", "listeners: [{scheme: zmq}]"), "7:15", "has no \"port\""},
        Refusal{"ListenerSamePort", project_with("", "listeners: [{port: 1}, {port: 1}]"), "7:26",
                "already taken"},
        Refusal{"ProxyPassword", project_with("", "", "proxy: 'http://u:pw@p:1'"), "10:10",
                "must not hold credentials"},
        Refusal{"ProxyScheme", project_with("", "", "proxy: 'ftp://p:1'"), "10:10", "not a proxy URL"},
        Refusal{"ProxyNoPort", project_with("", "", "proxy: 'http://p'"), "10:10", "not a proxy URL"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ProjectReader, ReportsAllErrorsAtOnceWithCarets) {
  const std::string errors =
      errors_of("api_version: 3\nname: a b\nparticipants:\n- {name: s, type: server}\n");

  EXPECT_EQ(errors,
            "project.yml:2:7: \"a b\" is not a valid name; use 1 to 255 of letters, digits, dot, underscore "
            "and dash\n"
            "    name: a b\n          ^\n"
            "project.yml:4:3: the server has no \"org\"; add org: text\n"
            "    - {name: s, type: server}\n      ^\n");
}

class AcceptedProject : public testing::TestWithParam<std::string> {};
TEST_P(AcceptedProject, HasNoErrors) { EXPECT_EQ(errors_of(GetParam()), ""); }
INSTANTIATE_TEST_SUITE_P(
    Accepted, AcceptedProject,
    testing::Values(project_with(""), project_with("connection_security: MTLS"), project_with("description:"),
                    project_with("description: |\n  two\n  lines"), project_with("secure_train: False"),
                    project_with("crl: strict"), project_with("transports: {zmq: {io_threads: 2}}"),
                    project_with("policy: [{from: client, to: '*', topics: [a/*, b]}]"),
                    project_with("", "host_names: 2001:db8::1"), project_with("", "host_names: []"),
                    project_with("", "listeners: [{port: 1, host: 10.0.0.1}, {port: 1, host: 10.0.0.2}]"),
                    project_with("", "", "connect_to: '::1'"), project_with("", "", "connect_to: '[::1]'"),
                    project_with("", "", "proxy: 'socks5://[::1]:1080'"),
                    project_with("", "", "proxy: {url: 'http://p:3128', credentials: corp}"),
                    project_with("") + "...\n", "---\n" + project_with(""),
                    std::string(kHead) + "- {name: SERVER, type: server, org: o}\n",
                    std::string(kHead) + kServerItem + "- {name: mon, type: service, org: o}\n"));

TEST(ProjectReader, AcceptsWindowsLineEnds) {
  std::string text = project_with("connection_security: tls");
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");

  EXPECT_EQ(errors_of(text), "");
}

TEST(ProjectReader, N58AcceptsNamesUpTo255Characters) {
  const auto named = [](size_t size) {
    return std::string(kHead) + "- {name: " + filled(size, 'n') + ", type: server, org: o}\n";
  };
  EXPECT_EQ(errors_of(named(65)), "");
  EXPECT_EQ(errors_of(named(254)), "");
  EXPECT_EQ(errors_of(named(255)), "");
  EXPECT_NE(errors_of(named(256)), "");
}

TEST(ProjectReader, AcceptsOrganisationsThatFitIntoACertificate) {
  const auto with_org = [](size_t size) {
    return std::string(kHead) + "- {name: s, type: server, org: " + filled(size, 'o') + "}\n";
  };
  EXPECT_EQ(errors_of(with_org(63)), "");
  EXPECT_EQ(errors_of(with_org(64)), "");
  EXPECT_THAT(errors_of(with_org(65)), testing::HasSubstr("has at most 64 bytes, found 65"));
}

TEST(ProjectReader, NeverRepeatsAProxyPasswordInItsOwnWords) {
  const auto reading = read_text_as_project(project_with("", "", "proxy: 'http://u:canary@p:1'"));

  EXPECT_EQ(reading.diagnostics.first().line().find("canary"), std::string::npos);
}

TEST(ProjectReader, NamesIgnoredKeysOfTheReference) {
  const auto reading = read_text_as_project(
      project_with("builders: [{path: x, args: {a: 010}}]", "enable_byoc: true", "components: {a: {}}"));

  ASSERT_TRUE(reading.project) << reading.diagnostics.print();
  EXPECT_EQ(reading.project->ignored, (std::vector<std::string>{"builders", "components", "enable_byoc"}));
}

TEST(KeyTable, HasHelpAndADescribedTypeInEveryRow) {
  for (const KeyInfo& row : key_table()) {
    EXPECT_FALSE(row.help.empty()) << row.key;
    EXPECT_FALSE(describe(row.type).empty()) << row.key;
    EXPECT_NE(row.levels, 0u) << row.key;
  }
}

TEST(KeyTable, NamesEveryWordOfAClosedList) {
  for (const KeyInfo& row : key_table())
    for (const std::string_view word : choices(row.type))
      EXPECT_NE(describe(row.type).find(word), std::string_view::npos) << row.key << " " << word;
}

TEST(KeyTable, HasWordsThatTheReaderAccepts) {
  for (const auto& [key, type] :
       {std::pair{"connection_security", ValueType::connection_security},
        std::pair{"message_security", ValueType::message_security},
        std::pair{"weaker_overrides", ValueType::weaker_overrides}, std::pair{"crl", ValueType::crl}})
    for (const std::string_view word : choices(type))
      EXPECT_EQ(errors_of(project_with(std::string(key) + ": " + std::string(word))), "");
}

TEST(KeyTable, HasEachKeyOncePerLevel) {
  const auto table = key_table();
  for (size_t i = 0; i < table.size(); ++i)
    for (size_t j = i + 1; j < table.size(); ++j)
      EXPECT_FALSE(table[i].key == table[j].key && (table[i].levels & table[j].levels) != 0) << table[i].key;
}

}  // namespace
}  // namespace fairlead::config
