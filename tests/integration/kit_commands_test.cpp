// `fairlead kit`: a kit is looked at, packed, carried by whatever tool, and installed.
#include <algorithm>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// A project of mtls, and a folder with a blank in its name to work in.
class KitCommands : public testing::Test {
 protected:
  KitCommands() : deployment_(project_of("mtls")) { fs::create_directory(place()); }
  fs::path place() const { return deployment_.folder() / "a place"; }
  std::string zip() const { return (place() / "a kit.zip").string(); }
  std::string kit(const std::string& name) const { return deployment_.kit(name).string(); }
  Finished pack(const std::string& name) const {
    return fairlead({"kit", "pack", kit(name), "-o", zip(), "--json"});
  }
  Finished in_place(Words words) const {
    words.insert(words.begin(), program().string());
    RunningProcess process(words, {.folder = place().string()});
    return process.finish();
  }
  std::string key_of(const std::string& name) const {
    const std::string pem = support::read_text(deployment_.kit(name) / "startup" / "client.key");
    return pem.substr(pem.find('\n') + 1, 40);
  }

  GivenDeployment deployment_;
};

TEST_F(KitCommands, ShowWhatAServersKitIs) {
  const base::Json data = data_of(fairlead({"kit", "inspect", kit("server"), "--json"}));

  EXPECT_EQ(data["participant"].text(), "server");
  EXPECT_EQ(data["type"].text(), "server");
  EXPECT_EQ(data["connection_security"].text(), "mtls");
  EXPECT_EQ(data["kit_version"].integer(), 1);
  EXPECT_EQ(data["endpoints"].items().at(0)["connection_security"].text(), "mtls");
  EXPECT_EQ(data["plugins"].items().at(0)["id"].text(), "org.fairlead.tcp-tls");
  ASSERT_EQ(data["certificates"].items().size(), 3u);
  const base::Json& login = data["certificates"].items().at(1);
  EXPECT_EQ(login["use"].text(), "login");
  EXPECT_EQ(login["key"].text(), "p256");
  EXPECT_EQ(login["names"].items().at(0).text(),
            "URI:fairlead://" + data["project"].text() + "/server/server");
  EXPECT_GE(login["days_left"].integer(), 396);
  EXPECT_GE(login["serial"].text().size(), 36u);
  ASSERT_EQ(data["files"].items().size(), 8u);
  const base::Json& key = data["files"].items().at(5);
  EXPECT_EQ(key["path"].text(), "startup/server.key");
  EXPECT_EQ(key["mode"].text(), "0600");
  EXPECT_EQ(key["check"].text(), "belongs to its certificate");
}

TEST_F(KitCommands, ShowAKitInAlignedTables) {
  const Finished shown = fairlead({"kit", "inspect", kit("site-1")});

  ASSERT_EQ(shown.code, 0) << shown.err;
  for (const char* const text : {"participant  site-1\n", "type         client\n", "\nENDPOINT  ADDRESS",
                                 "\nCERTIFICATE  KEY", "\nFILE ", "startup/client.key     0600"})
    EXPECT_NE(shown.out.find(text), std::string::npos) << text << "\n" << shown.out;
  EXPECT_EQ((shown.out + shown.err).find(key_of("site-1")), std::string::npos);
}

TEST_F(KitCommands, ShowTheDefectOfADefectiveKit) {
  fs::remove(deployment_.kit("site-1") / "startup" / "client.crt");

  expect_refused(fairlead({"kit", "inspect", kit("site-1")}), 4, "client.crt is missing");
  expect_refused(fairlead({"kit", "pack", kit("site-1"), "-o", zip()}), 4, "client.crt is missing");
  EXPECT_FALSE(fs::exists(zip()));
}

TEST_F(KitCommands, CarryAKitThatLogsIn) {
  const Finished packed = pack("site-1");
  EXPECT_NE(packed.err.find("it holds 1 private key;"), std::string::npos) << packed.err;
  const std::string root = data_of(packed)["root_sha256"].text();
  deployment_.start_server({"--echo"});

  const Finished installed = in_place({"kit", "install", zip(), "--fingerprint", root, "--json"});

  ASSERT_EQ(installed.code, 0) << installed.err;
  EXPECT_EQ(data_of(installed)["folder"].text(), "./site-1");
  const Finished asked = fairlead({"request", "-k", (place() / "site-1").string(), "--set",
                                   "connect_to=tcp://127.0.0.1:" + deployment_.port(), "--to", "server",
                                   "--topic", "t", "--data", "hello"});
  EXPECT_EQ(asked.code, 0) << asked.err;
}

TEST_F(KitCommands, InstallWhatAnotherToolPacked) {
  RunningProcess tool_process({tool("python3"), "-m", "zipfile", "-c", zip(), kit("site-1") + "/"});
  ASSERT_EQ(tool_process.finish().code, 0);

  const Finished installed = in_place({"kit", "install", zip(), "-o", "my site/"});

  EXPECT_EQ(installed.code, 0) << installed.err;
  EXPECT_EQ(fairlead({"config", "check", (place() / "my site").string()}).code, 0);
}

TEST_F(KitCommands, SayThatTheSameVersionIsThere) {
  pack("site-1");
  ASSERT_EQ(in_place({"kit", "install", zip()}).code, 0);

  const Finished again = in_place({"kit", "install", zip(), "--json"});

  EXPECT_EQ(data_of(again)["change"].text(), "nothing");
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
}

TEST_F(KitCommands, N60_RefuseTheKitOfAnotherRoot) {
  pack("site-1");

  expect_refused(in_place({"kit", "install", zip(), "--fingerprint", std::string(64, 'a')}), 4,
                 "expected aaaa");
  expect_refused(in_place({"kit", "install", zip(), "--fingerprint", "aa:bb"}), 4, "64 hexadecimal digits");
  EXPECT_FALSE(fs::exists(place() / "site-1"));
}

TEST_F(KitCommands, N60_RefuseAnArchiveWithAChangedByteAnywhere) {
  pack("site-1");
  const std::string whole = support::read_text(zip());
  const size_t step = whole.size() / 60;
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); at += step) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    support::write_text(zip(), changed);
    const Finished installed = in_place({"kit", "install", zip()});
    EXPECT_EQ((installed.out + installed.err).find(key_of("site-1")), std::string::npos);
    // A byte that means nothing, such as a mode, may change; then the kit is the same.
    if (installed.code == 0) {
      EXPECT_EQ(fairlead({"config", "check", (place() / "site-1").string()}).code, 0) << at;
      fs::remove_all(place() / "site-1");
      continue;
    }
    EXPECT_EQ(installed.code, 4) << at << installed.err;
    EXPECT_FALSE(fs::exists(place() / "site-1")) << at;
    ++refused;
  }
  EXPECT_GE(refused, 40u);
}

TEST_F(KitCommands, N60_AskForAFolderWhenTheNameIsNone) {
  const GivenDeployment hidden(
      "api_version: 3\nname: demo\nparticipants:\n- {name: .hidden, type: server, org: o, host_names: "
      "localhost, "
      "default_host: localhost}\n- {name: site-1, type: client, org: o}\n");
  ASSERT_EQ(fairlead({"kit", "pack", hidden.kit(".hidden").string(), "-o", zip()}).code, 0);

  expect_refused(in_place({"kit", "install", zip()}), 4, "no good name for a folder");
  EXPECT_EQ(in_place({"kit", "install", zip(), "-o", "shown"}).code, 0);
}

}  // namespace
}  // namespace fairlead::integration
