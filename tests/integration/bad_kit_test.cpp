// Kits that were damaged on the way: refused with code 4 before any port is opened. N30 and N59.
#include <sys/stat.h>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

using Damage = void (*)(const fs::path& startup);

struct BadKit {
  const char* name;
  Damage damage;
  const char* said;
};

void change_a_byte(const fs::path& file) {
  std::string content = support::read_text(file);
  content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
  support::write_text(file, content);
}

const BadKit kBadKits[] = {
    {"WorldReadableKey", [](const fs::path& s) { ::chmod((s / "server.key").c_str(), 0644); }, "server.key"},
    {"WorldReadableTokenKey", [](const fs::path& s) { ::chmod((s / "token.key").c_str(), 0644); },
     "token.key"},
    {"ChangedSettings", [](const fs::path& s) { change_a_byte(s / "fairlead.json"); }, "fairlead.json"},
    {"ChangedManifest", [](const fs::path& s) { change_a_byte(s / "manifest.json"); }, "manifest.json"},
    {"ChangedSignature", [](const fs::path& s) { change_a_byte(s / "manifest.sig"); }, "manifest"},
    {"ChangedRoot", [](const fs::path& s) { change_a_byte(s / "rootCA.pem"); }, "rootCA.pem"},
    {"ChangedCertificate", [](const fs::path& s) { change_a_byte(s / "server.crt"); }, "server.crt"},
    {"ChangedKey", [](const fs::path& s) { change_a_byte(s / "server.key"); }, "server.key"},
    {"ExtraFile", [](const fs::path& s) { support::write_text(s / "extra", "x"); }, "extra"},
    {"NoCertificate", [](const fs::path& s) { fs::remove(s / "server.crt"); }, "server.crt"},
    {"N30NoTokenKey", [](const fs::path& s) { fs::remove(s / "token.key"); }, "token.key"},
    {"N30EmptyTokenKey", [](const fs::path& s) { support::write_text(s / "token.key", ""); }, "token.key"},
    {"N30IdentityKeyAsTokenKey",
     [](const fs::path& s) {
       fs::copy_file(s / "server.key", s / "token.key", fs::copy_options::overwrite_existing);
     },
     "token.key"},
    {"LinkedKey",
     [](const fs::path& s) {
       fs::rename(s / "server.key", s.parent_path() / "elsewhere.key");
       fs::create_symlink(s.parent_path() / "elsewhere.key", s / "server.key");
     },
     "server.key"},
    {"BadLocalSettings",
     [](const fs::path& s) {
       support::write_text(s.parent_path() / "local" / "fairlead.yml", "lisen:\n  port: 1\n");
     },
     "fairlead.yml:2"},
};

class DamagedKit : public testing::TestWithParam<BadKit> {};
INSTANTIATE_TEST_SUITE_P(N59, DamagedKit, testing::ValuesIn(kBadKits),
                         [](const auto& test) { return test.param.name; });

TEST_P(DamagedKit, IsNotServed) {
  const GivenDeployment deployment(project_of("mtls"));
  GetParam().damage(deployment.kit("server") / "startup");

  const Finished done =
      fairlead({"server", "-k", deployment.kit("server").string(), "--set", "listen.port=0"});

  expect_refused(done, 4, GetParam().said);
}

TEST(Kit, OlderVersionIsRefusedAfterANewer) {
  GivenDeployment deployment(project_of("mtls"));
  support::write_text(deployment.folder() / "second.yml", project_of("tls"));
  const base::Json made =
      data_of(fairlead({"provision", (deployment.folder() / "second.yml").string(), "-w",
                        (deployment.folder() / "w").string(), "--no-passphrase", "--json"}));
  const fs::path newer = fs::path(made["made"].text()) / "site-1", older = deployment.kit("site-1");
  const fs::path place = deployment.folder() / "place";
  fs::copy(newer, place, fs::copy_options::recursive);
  fairlead({"ping", "--to", "server", "-k", place.string(), "--set", "connect_to=127.0.0.1:1"});
  fs::remove_all(place / "startup");
  fs::copy(older / "startup", place / "startup", fs::copy_options::recursive);

  const Finished done = fairlead({"client", "-k", place.string()});

  expect_refused(done, 4, "version");
}

TEST(Kit, MixedStartupFoldersAreRefused) {
  const GivenDeployment deployment(project_of("mtls"));
  for (const char* file : {"client.crt", "client.key"})
    fs::copy_file(deployment.kit("site-2") / "startup" / file, deployment.kit("site-1") / "startup" / file,
                  fs::copy_options::overwrite_existing);

  expect_refused(fairlead({"client", "-k", deployment.kit("site-1").string()}), 4, "client.crt");
}

/// The program without its plugins, as a bad installation leaves it.
TEST(Installation, WithoutItsPluginIsRefused) {
  const GivenDeployment deployment(project_of("mtls"));
  const fs::path copy = deployment.folder() / "prefix" / "bin" / "fairlead";
  fs::create_directories(copy.parent_path());
  fs::copy_file(program(), copy);
  RunningProcess server(
      {copy.string(), "server", "-k", deployment.kit("server").string(), "--log-level", "off"});

  expect_refused(server.finish(), 4, "plugin");
}

TEST(Installation, WithAPluginThatOthersMayWriteIsRefused) {
  const GivenDeployment deployment(project_of("mtls"));
  const fs::path prefix = deployment.folder() / "prefix", plugin = prefix / "plugins" / "tcp_tls.so";
  fs::create_directories(prefix / "bin");
  fs::create_directories(prefix / "plugins");
  fs::copy_file(program(), prefix / "bin" / "fairlead");
  fs::copy_file(program().parent_path().parent_path() / "plugins" / "tcp_tls.so", plugin);
  ASSERT_EQ(::chmod(plugin.c_str(), 0666), 0);
  RunningProcess server({(prefix / "bin" / "fairlead").string(), "server", "-k",
                         deployment.kit("server").string(), "--set", "listen.port=0", "--log-level", "off"});

  expect_refused(server.finish(), 4, "can be written by others");
}

}  // namespace
}  // namespace fairlead::integration
