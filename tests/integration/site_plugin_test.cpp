// A transport plugin that a site brings itself and names in its local file.
#include <sys/stat.h>

#include "build_paths.hpp"
#include "crypto/digest.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

class SitePlugin : public testing::Test {
 protected:
  SitePlugin() : deployment_(project_of("mtls")) {
    deployment_.start_server({"--echo"});
    fs::copy_file(fs::path(FAIRLEAD_BINARY_DIR) / "plugins/tcp_tls.so", own());
    ::chmod(own().c_str(), 0755);
  }

  /// In the site's own folder, so that the local file can name it by its name.
  fs::path own() const { return deployment_.kit("site-1") / "local" / "my transport.so"; }
  void name_plugin(const std::string& file, const std::string& more = {}) const {
    support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                        "transports:\n  tcp:\n    plugin: " + file + "\n" + more);
  }
  Finished ask(const std::string& log_level = "off") const {
    return deployment_.run("request", "site-1",
                           {"--to", "server", "--topic", "t", "--data", "carried", "--log-level", log_level});
  }

  GivenDeployment deployment_;
};

TEST_F(SitePlugin, CarriesTheSitesMessagesAndIsNamedAtTheStart) {
  name_plugin("my transport.so");

  const Finished done = ask("info");

  EXPECT_EQ(done.out, "carried") << done.err;
  EXPECT_NE(done.err.find("plugin.of_the_site scheme=tcp"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find(own().string()), std::string::npos) << done.err;
}

TEST_F(SitePlugin, IsNotBelievedAboutItsLink) {
  name_plugin("my transport.so");

  const base::Json link = data_of(deployment_.run("status", "site-1", {"--json"}))["link"];

  EXPECT_EQ(link["message_security"].text(), "seal") << link.dump();
}

TEST_F(SitePlugin, IsLoadedWithItsDigestOnly) {
  const std::string digest = base::hex(crypto::sha256({base::as_bytes(support::read_text(own()))}));
  name_plugin("my transport.so", "    sha256: " + digest + "\n");
  EXPECT_EQ(ask().out, "carried");

  name_plugin("my transport.so", "    sha256: \"" + std::string(64, '0') + "\"\n");

  expect_refused(ask(), 4, digest);
}

TEST_F(SitePlugin, ThatIsNotThereIsRefused) {
  name_plugin("nowhere.so");

  expect_refused(ask(), 4, "nowhere.so");
}

TEST_F(SitePlugin, ThatOthersMayWriteIsRefused) {
  ::chmod(own().c_str(), 0777);
  name_plugin("my transport.so");

  expect_refused(ask(), 4, "my transport.so");
}

TEST_F(SitePlugin, ThatServesAnotherSchemeIsRefused) {
  support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                      "connect_to: pigeon://127.0.0.1:1\ntransports: {pigeon: {plugin: my transport.so}}\n");

  const Finished done = fairlead({"ping", "-k", deployment_.kit("site-1").string(), "--to", "server"});

  expect_refused(done, 4, "does not serve pigeon");
}

TEST_F(SitePlugin, DigestAloneIsRefused) {
  support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                      "transports: {tcp: {sha256: \"" + std::string(64, '0') + "\"}}\n");

  expect_refused(ask(), 4, "no plugin");
}

TEST_F(SitePlugin, IsListedWithTheKit) {
  name_plugin("my transport.so");

  const base::Json data =
      data_of(fairlead({"plugin", "list", "-k", deployment_.kit("site-1").string(), "--json"}));

  bool listed = false;
  for (const base::Json& one : data["plugins"].items())
    listed = listed || (one["file"].text() == own().string() && one["named_by"].text() == "site" &&
                        !one["trusted"].boolean(true));
  EXPECT_TRUE(listed) << data.dump();
}

}  // namespace
}  // namespace fairlead::integration
