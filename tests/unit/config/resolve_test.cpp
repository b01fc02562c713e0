#include "config/resolve.hpp"

#include "given.hpp"

namespace fairlead::config {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;

const ResolvedParticipant& client_of(const ResolvedProject& project) { return *project.find("c"); }

TEST(Resolve, StartsFromBuiltInDefaults) {
  const ResolvedProject project = resolved(project_with(""));

  const ResolvedParticipant& server = project.server();
  EXPECT_EQ(server.connection_security.value, ConnectionSecurity::mtls);
  EXPECT_EQ(server.connection_security.origin, Origin::default_value);
  EXPECT_EQ(server.connection_security.at, "");
  EXPECT_EQ(server.default_host.value, "srv");
  EXPECT_EQ(server.listeners,
            (std::vector{Listener{"tcp", "::", 8002, ConnectionSecurity::mtls, Purpose::both}}));
  EXPECT_EQ(text(client_of(project).connect_to.value), "tcp://srv:8002");
  EXPECT_EQ(client_of(project).message_security.origin, Origin::automatic);
  EXPECT_TRUE(project.notes.empty());
}

TEST(Resolve, LetsTheParticipantWinOverTheProject) {
  const ResolvedProject project =
      resolved(project_with("connection_security: tls", "connection_security: Clear"));

  EXPECT_EQ(project.server().connection_security.value, ConnectionSecurity::clear);
  EXPECT_EQ(project.server().connection_security.origin, Origin::participant);
  EXPECT_EQ(project.server().connection_security.at, "project.yml:8");
  EXPECT_EQ(client_of(project).connection_security.value, ConnectionSecurity::tls);
  EXPECT_EQ(client_of(project).connection_security.origin, Origin::project);
  EXPECT_EQ(client_of(project).connection_security.at, "project.yml:3");
}

TEST(Resolve, LetsConnectToWinOverTheParticipant) {
  const ResolvedProject project =
      resolved(project_with("", "",
                            "connect_to: {host: p, port: 443, scheme: zmq, connection_security: tls}\n  "
                            "connection_security: clear"));

  EXPECT_EQ(client_of(project).connection_security.value, ConnectionSecurity::tls);
  EXPECT_EQ(client_of(project).connection_security.at, "project.yml:10");
  EXPECT_EQ(text(client_of(project).connect_to.value), "zmq://p:443");
  EXPECT_EQ(client_of(project).connect_to.origin, Origin::participant);
}

TEST(Resolve, TakesClearWhenSecureTrainIsFalse) {
  const ResolvedProject project =
      resolved(project_with("secure_train: false", "", "connection_security: tls"));

  EXPECT_FALSE(project.secure_train.value);
  EXPECT_EQ(project.secure_train.at, "project.yml:3");
  EXPECT_EQ(project.server().connection_security.value, ConnectionSecurity::clear);
  EXPECT_EQ(project.server().connection_security.origin, Origin::secure_train);
  EXPECT_EQ(client_of(project).connection_security.value, ConnectionSecurity::tls);
}

TEST(Resolve, GivesAdminsTheirPortAndARole) {
  const ResolvedProject project = resolved(project_with("", "fed_learn_port: 9000\n  admin_port: 9001") +
                                           "- {name: a@b, type: admin, org: o}\n");

  EXPECT_EQ(client_of(project).connect_to.value.port, 9000);
  EXPECT_EQ(project.find("a@b")->connect_to.value.port, 9001);
  EXPECT_EQ(project.find("a@b")->role, "member");
}

TEST(Resolve, LetsOneListenerServeBothOnEqualPorts) {
  const ResolvedProject project = resolved(project_with("", "fed_learn_port: 9000\n  admin_port: 9000"));

  ASSERT_EQ(project.server().listeners.size(), 1u);
  EXPECT_EQ(project.server().listeners[0].purpose, Purpose::both);
  EXPECT_EQ(project.server().listeners[0].port, 9000);
}

TEST(Resolve, FindsThePortOfTheClientsScheme) {
  const ResolvedProject project =
      resolved(project_with("",
                            "listeners: [{port: 1}, {port: 2, scheme: zmq}, {port: 3, host: 10.0.0.1}]\n"
                            "  admin_port: 3",
                            "scheme: zmq"));

  EXPECT_EQ(text(client_of(project).connect_to.value), "zmq://srv:2");
  EXPECT_EQ(project.server().listeners[1].purpose, Purpose::clients);
  EXPECT_EQ(project.server().listeners[2].purpose, Purpose::admins);
  EXPECT_EQ(text(project.server().listeners[2]), "tcp://10.0.0.1:3");
}

TEST(Resolve, UsesTheCustomCaOnlyWhereItConnectsWithTls) {
  const ResolvedProject project = resolved(
      project_with("custom_ca_cert: ca.pem\nconnection_security: tls", "", "connection_security: mtls") +
      "- {name: a@b, type: admin, org: o}\n");

  EXPECT_FALSE(project.server().custom_ca_used);
  EXPECT_FALSE(client_of(project).custom_ca_used);
  EXPECT_TRUE(project.find("a@b")->custom_ca_used);
  EXPECT_EQ(project.find("a@b")->custom_ca_cert->value, "ca.pem");
}

TEST(Resolve, LooksForFilesBesideTheProject) {
  EXPECT_EQ(absolute_beside("/a/b/project.yml", "ca.pem"), "/a/b/ca.pem");
  EXPECT_EQ(absolute_beside("/a/b/project.yml", "../ca.pem"), "/a/ca.pem");
  EXPECT_EQ(absolute_beside("/a/b/project.yml", "/ca.pem"), "/ca.pem");
  EXPECT_TRUE(absolute_beside("project.yml", "ca.pem").starts_with("/"));
}

TEST(Resolve, MergesTransportOptions) {
  const ResolvedProject project =
      resolved(project_with("transports: {zmq: {a: 1, b: 2}}", "", "transports: {zmq: {b: 3}, tcp: {c: 4}}"));

  EXPECT_EQ(client_of(project).transports,
            (TransportOptions{{"tcp", {{"c", "4"}}}, {"zmq", {{"a", "1"}, {"b", "3"}}}}));
}

TEST(Resolve, KeepsPolicyCrlAndProxy) {
  const ResolvedProject project = resolved(project_with(
      "crl: strict\npolicy: [{from: c, to: server, topics: x}]", "", "proxy: 'http://proxy:3128'"));

  EXPECT_EQ(project.crl.value, CrlMode::strict);
  EXPECT_EQ(project.policy.value, (std::vector{PolicyRule{"c", "server", {"x"}}}));
  EXPECT_EQ(client_of(project).proxy->value.url, "http://proxy:3128");
}

TEST(Resolve, TellsOnceWhatItIgnoresAndWhatMeansTcp) {
  const ResolvedProject project = resolved(project_with("builders: []\nscheme: grpc", "", "scheme: grpc"));

  ASSERT_EQ(project.notes.size(), 2u);
  EXPECT_EQ(project.notes[0].text, "these keys have no effect here and are ignored: builders");
  EXPECT_EQ(project.notes[1].text, "these schemes mean tcp here: grpc");
  EXPECT_EQ(client_of(project).connect_to.value.scheme, "tcp");
}

struct PairCase {
  const char* name;
  const char* server;
  const char* client;
  const char* warns;  ///< empty: no warning
  MessageSecurity expected;
};
class Pair : public testing::TestWithParam<PairCase> {};

TEST_P(Pair, WarnsWhenItCannotConnectDirectly) {
  const PairCase& given = GetParam();
  const ResolvedProject project =
      resolved(project_with("", std::string("connection_security: ") + given.server,
                            std::string("connection_security: ") + given.client));

  ASSERT_EQ(project.notes.size(), *given.warns == '\0' ? 0u : 1u);
  EXPECT_EQ(client_of(project).expected_message_security, given.expected);
  for (const Note& note : project.notes) {
    EXPECT_EQ(note.level, NoteLevel::warning);
    EXPECT_EQ(note.about, (std::vector<std::string>{"c", "srv"}));
    EXPECT_NE(note.text.find(given.warns), std::string::npos) << note.text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Levels, Pair,
    testing::Values(PairCase{"MtlsMtls", "mtls", "mtls", "", MessageSecurity::mac},
                    PairCase{"TlsTls", "tls", "tls", "", MessageSecurity::mac},
                    PairCase{"ClearClear", "clear", "clear", "", MessageSecurity::seal},
                    PairCase{"ClearTls", "clear", "tls", "this pair needs a TLS-terminating proxy in between",
                             MessageSecurity::seal},
                    PairCase{"ClearMtls", "clear", "mtls",
                             "this pair needs a TLS-terminating proxy in between", MessageSecurity::seal},
                    PairCase{"TlsClear", "tls", "clear", "this pair needs an outbound proxy in between",
                             MessageSecurity::seal},
                    PairCase{"MtlsClear", "mtls", "clear", "this pair needs an outbound proxy in between",
                             MessageSecurity::seal},
                    PairCase{"MtlsTls", "mtls", "tls", "shows a client certificate", MessageSecurity::seal},
                    PairCase{"TlsMtls", "tls", "mtls", "asks for the client's certificate",
                             MessageSecurity::seal}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PairNotes, KeepSilentWhenOneListenerFits) {
  const ResolvedProject project = resolved(project_with(
      "", "listeners: [{port: 1, connection_security: clear}, {port: 2, connection_security: tls}]",
      "connect_to: {host: srv, port: 2, connection_security: tls}"));

  EXPECT_TRUE(project.notes.empty());
}

TEST(PairNotes, WarnAboutAHostThatIsNoneOfTheServers) {
  const ResolvedProject project = resolved(project_with("", "host_names: [a]", "connect_to: b"));

  ASSERT_EQ(project.notes.size(), 1u);
  EXPECT_NE(project.notes[0].text.find("b, which is not in host_names of srv"), std::string::npos);
  EXPECT_NE(project.notes[0].text.find("project.yml:11"), std::string::npos);
}

TEST(PairNotes, KnowTheServersOwnNamesInAnyCase) {
  EXPECT_TRUE(resolved(project_with("", "host_names: [a]", "connect_to: A")).notes.empty());
  EXPECT_TRUE(resolved(project_with("", "default_host: d", "connect_to: D")).notes.empty());
  EXPECT_TRUE(resolved(project_with("", "", "connect_to: SRV")).notes.empty());
}

TEST(PairNotes, WarnAboutATransportThatTheServerLacks) {
  const ResolvedProject project = resolved(project_with("", "", "scheme: zmq"));

  ASSERT_EQ(project.notes.size(), 1u);
  EXPECT_NE(project.notes[0].text.find("transport zmq"), std::string::npos);
}

TEST(ExpectedMessageSecurity, SealsBehindACustomCaAndOnUnknownTransports) {
  const auto with_ca = resolved(project_with("connection_security: tls", "", "custom_ca_cert: /ca.pem"));
  EXPECT_EQ(client_of(with_ca).expected_message_security, MessageSecurity::seal);
  EXPECT_EQ(with_ca.server().expected_message_security, MessageSecurity::mac);

  const auto foreign = resolved(project_with("scheme: pigeon"));
  EXPECT_EQ(client_of(foreign).expected_message_security, MessageSecurity::seal);
}

TEST(ExpectedMessageSecurity, FollowsAnExplicitValueAndTheServersSeal) {
  const auto sealed = resolved(project_with("", "message_security: seal"));
  EXPECT_EQ(client_of(sealed).expected_message_security, MessageSecurity::seal);

  const auto own = resolved(project_with("message_security: seal", "", "message_security: mac"));
  EXPECT_EQ(client_of(own).expected_message_security, MessageSecurity::mac);
  EXPECT_EQ(client_of(own).message_security.origin, Origin::participant);
}

TEST(LoadProject, TellsTheFirstErrorAndItsPlace) {
  const ScratchDir scratch;
  const std::string path = scratch.write("project.yml", "api_version: 3\nname: p\n");

  const auto project = load_project(path);

  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().origin, path + ":1:1");
  EXPECT_EQ(project.error().code, base::ErrorCode::bad_configuration);
}

}  // namespace
}  // namespace fairlead::config
