// The files in configs/, resolved value by value: each is a scenario of the reference document.
#include "build_paths.hpp"
#include "config/explain.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;
using base::ParticipantType;

ResolvedProject ready(const std::string& file) {
  const ProjectReading reading = read_project(FAIRLEAD_SOURCE_DIR "/configs/" + file);
  EXPECT_TRUE(reading.project.has_value()) << reading.diagnostics.print();
  return reading.project ? resolve(*reading.project) : ResolvedProject{};
}

TEST(TlsProxy, ServesInTheClearOnTwoPorts) {
  const ResolvedProject project = ready("tls_proxy.yml");

  EXPECT_EQ(project.name, "test25");
  EXPECT_EQ(project.description, "NVIDIA FLARE sample project yaml file");
  EXPECT_TRUE(project.secure_train.value);
  const ResolvedParticipant& server = project.server();
  EXPECT_EQ(server.name, "server");
  EXPECT_EQ(server.org, "nvidia");
  EXPECT_EQ(server.connection_security.value, ConnectionSecurity::clear);
  EXPECT_EQ(server.connection_security.origin, Origin::participant);
  EXPECT_TRUE(server.connection_security.at.ends_with("configs/tls_proxy.yml:12"));
  EXPECT_FALSE(server.custom_ca_used);
  EXPECT_EQ(server.listeners,
            (std::vector{Listener{"tcp", "::", 8002, ConnectionSecurity::clear, Purpose::clients},
                         Listener{"tcp", "::", 8003, ConnectionSecurity::clear, Purpose::admins}}));
}

TEST(TlsProxy, LetsTheClientCheckTheProxyWithTheCustomCa) {
  const ResolvedProject project = ready("tls_proxy.yml");

  const ResolvedParticipant& site = *project.find("site-1");
  EXPECT_EQ(site.type, ParticipantType::client);
  EXPECT_EQ(site.connection_security.value, ConnectionSecurity::tls);
  EXPECT_EQ(site.connection_security.origin, Origin::project);
  EXPECT_EQ(site.custom_ca_cert->value, "/path/of/customRoot.pem");
  EXPECT_TRUE(site.custom_ca_used);
  EXPECT_EQ(site.expected_message_security, MessageSecurity::seal);
  EXPECT_EQ(text(site.connect_to.value), "tcp://server:8002");
  EXPECT_EQ(site.connect_to.origin, Origin::default_value);
}

TEST(TlsProxy, WarnsAboutTheOnePairAndTheMissingFile) {
  ResolvedProject project = ready("tls_proxy.yml");

  add_missing_file_notes(project);

  ASSERT_EQ(project.notes.size(), 2u);
  EXPECT_EQ(project.notes[0].level, NoteLevel::warning);
  EXPECT_EQ(project.notes[0].about, (std::vector<std::string>{"site-1", "server"}));
  EXPECT_EQ(project.notes[1].level, NoteLevel::error);
}

TEST(MultiAddress, GivesEachParticipantItsAddress) {
  const ResolvedProject project = ready("multi_address.yml");

  EXPECT_EQ(project.participants.size(), 5u);
  EXPECT_EQ(text(project.find("red")->connect_to.value), "tcp://127.0.0.1:8002");
  EXPECT_EQ(project.find("red")->connect_to.origin, Origin::participant);
  EXPECT_EQ(text(project.find("blue")->connect_to.value), "tcp://localhost:8002");
  EXPECT_EQ(text(project.find("silver")->connect_to.value), "tcp://localhost:8002");
  EXPECT_EQ(project.find("silver")->connect_to.origin, Origin::default_value);
  EXPECT_EQ(text(project.find("admin@nvidia.com")->connect_to.value), "tcp://127.0.0.1:8003");
  EXPECT_EQ(project.find("admin@nvidia.com")->role, "project_admin");
}

TEST(MultiAddress, UsesMtlsEverywhereWithoutAnyNote) {
  const ResolvedProject project = ready("multi_address.yml");

  EXPECT_TRUE(project.notes.empty());
  EXPECT_EQ(project.server().host_names.value, (std::vector<std::string>{"localhost", "127.0.0.1"}));
  EXPECT_EQ(project.server().default_host.value, "localhost");
  for (const ResolvedParticipant& one : project.participants) {
    EXPECT_EQ(one.connection_security.value, ConnectionSecurity::mtls) << one.name;
    EXPECT_EQ(one.connection_security.origin, Origin::default_value) << one.name;
    EXPECT_EQ(one.expected_message_security, MessageSecurity::mac) << one.name;
  }
}

}  // namespace
}  // namespace fairlead::config
