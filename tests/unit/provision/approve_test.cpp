// A site asks, the admin approves: what gets into the certificate, and what is refused.
#include "provision/approve.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "distributed.hpp"
#include "provision/ledger.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using base::ParticipantType;
using provision::KitChange;
using testing::HasSubstr;

class ApproveTest : public Distributed {
 protected:
  fs::path state() const { return project.workspace() / "demo/state"; }
  /// Nothing but the site's name: nothing was made, issued or noted.
  void expect_untouched(const std::map<std::string, std::string>& before) const {
    EXPECT_EQ(files_below(project.workspace()), before);
    EXPECT_FALSE(fs::exists(zip("approval")));
  }
};

TEST_F(ApproveTest, ProvisionMakesNoKitForASiteThatKeepsItsKey) {
  const provision::KitReport& site = project.report().kits[1];

  EXPECT_EQ(site.name, "site-1");
  EXPECT_EQ(site.change, KitChange::awaits_request);
  EXPECT_STREQ(provision::name(site.change), "awaits its request");
  EXPECT_TRUE(site.path.empty());
  EXPECT_FALSE(fs::exists(project.workspace() / "demo/prod_00/site-1"));
}

TEST_F(ApproveTest, IssuesWhatTheProjectSaysForTheSitesKey) {
  const auto asked = request();

  const auto approved = approve();

  ASSERT_TRUE(approved.has_value()) << approved.error().line();
  EXPECT_TRUE(approved->issued);
  EXPECT_EQ(approved->root_sha256, root());
  const auto kit = kit::Kit::open_issued(approved->kit);
  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_FALSE(kit->has_keys());
  EXPECT_EQ(kit->leaf().organization(), "north");
  EXPECT_EQ(kit->leaf().uri_names(), std::vector<std::string>{"fairlead://demo/client/site-1"});
  const auto key = crypto::PrivateKey::from_pem(asked.keys[0].key_pem.expose());
  EXPECT_EQ(kit->leaf().public_key()->spki(), key->public_key().spki());
  EXPECT_TRUE(provision::verify_ledger(state()).has_value());
  EXPECT_THAT(read_text(state() / "ledger.jsonl"), HasSubstr(base::hex(kit->leaf().sha256())));
}

TEST_F(ApproveTest, N61PutsNoPrivateKeyIntoAnything) {
  const auto asked = request();
  const std::string pem = base::to_text(asked.keys[0].key_pem.expose());
  const std::string line = pem.substr(pem.find('\n', pem.find('\n') + 1) + 1, 48);  // the first says little

  ASSERT_TRUE(approve().has_value());

  auto everything = files_below(project.workspace());
  for (const std::string name : {"request", "approval"})
    for (const kit::ArchiveEntry& entry : read_zip(zip(name)))
      everything[name + ".zip/" + entry.path] = base::to_text(entry.content.expose());
  for (const auto& [name, content] : everything) {
    EXPECT_EQ(content.find(line), std::string::npos) << name;
    const bool travels = name.find(".zip/") != std::string::npos;
    EXPECT_FALSE(travels && content.find("PRIVATE KEY") != std::string::npos) << name;
  }
  EXPECT_FALSE(fs::exists(project.workspace() / "demo/prod_01/site-1/startup/client.key"));
}

TEST_F(ApproveTest, LaterRunsCarryTheCertificateOver) {
  request();
  ASSERT_TRUE(approve().has_value());
  const auto first = kit::Kit::open_issued(project.workspace() / "demo/prod_01/site-1");

  project.provision(with_site_key());
  EXPECT_FALSE(project.report().made.has_value());
  EXPECT_EQ(project.report().kits[1].change, KitChange::kept);

  project.provision(with("org: north", "org: north\n    key_custody: site\n    message_security: seal"));
  EXPECT_EQ(project.report().kits[1].change, KitChange::changed);
  const auto second = kit::Kit::open_issued(project.kit("site-1"));
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_FALSE(second->has_keys());
  EXPECT_EQ(second->leaf().der(), first->leaf().der());
  EXPECT_GT(second->settings().kit_version, first->settings().kit_version);
}

TEST_F(ApproveTest, LaterRunsIssueForTheKnownKeyWhenNamesChange) {
  const auto asked = request();
  ASSERT_TRUE(approve().has_value());

  project.provision(with("org: north", "org: west\n    key_custody: site"));

  const auto kit = kit::Kit::open_issued(project.kit("site-1"));
  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_EQ(kit->leaf().organization(), "west");
  const auto key = crypto::PrivateKey::from_pem(asked.keys[0].key_pem.expose());
  EXPECT_EQ(kit->leaf().public_key()->spki(), key->public_key().spki());
}

TEST_F(ApproveTest, OfTheSameRequestPacksTheSameKitAgain) {
  request();
  ASSERT_TRUE(approve().has_value());
  const std::string ledger = read_text(state() / "ledger.jsonl");

  const auto again = approve("request", "again");

  ASSERT_TRUE(again.has_value()) << again.error().line();
  EXPECT_FALSE(again->issued);
  EXPECT_EQ(read_text(state() / "ledger.jsonl"), ledger);
  EXPECT_EQ(read_text(zip("again")), read_text(zip("approval")));
}

TEST_F(ApproveTest, N60OfAnotherKeyNeedsTheAdminsWord) {
  request();
  ASSERT_TRUE(approve().has_value());
  request({"demo", "site-1", ParticipantType::client}, "stranger", "second");
  const auto before = files_below(project.workspace());

  const auto refused = approve("second", "other");
  EXPECT_EQ(reason_of(refused), "request_other_key");
  EXPECT_EQ(files_below(project.workspace()), before);
  EXPECT_FALSE(fs::exists(zip("other")));

  const auto replaced = approve("second", "other", provision::OtherKey::replaced);
  ASSERT_TRUE(replaced.has_value()) << replaced.error().line();
  EXPECT_EQ(reason_of(approve("request", "replayed")), "request_other_key");
}

TEST_F(ApproveTest, ARenewalBringsAnotherKeyThatThePresentOneVouchesFor) {
  const kit::Kit kit = installed_site();
  provision::SiteOrder order;
  order.subject = {"demo", "site-1", ParticipantType::client};
  order.kit = kit.path();
  order.present = &kit;
  const auto renewal = provision::request_certificate(order);
  ASSERT_TRUE(renewal.has_value()) << renewal.error().line();
  write_zip(zip("renewal"), provision::to_entries(renewal->request));

  EXPECT_TRUE(approve("renewal", "renewed").has_value());
  EXPECT_EQ(reason_of(approve("request", "replayed")), "request_other_key");
}

TEST_F(ApproveTest, AVoucherOfAnotherKeyIsNone) {
  const kit::Kit kit = installed_site();
  auto forged = request({"demo", "site-1", ParticipantType::client}, "stranger", "second");
  const auto stranger = crypto::PrivateKey::from_pem(forged.keys[0].key_pem.expose());
  forged.request.voucher =
      *stranger->sign(provision::kVoucherLabel, base::as_bytes(forged.request.keys[0].pem));
  write_zip(zip("second"), provision::to_entries(forged.request));

  EXPECT_EQ(reason_of(approve("second", "other")), "request_other_key");
}

TEST_F(ApproveTest, OfAProjectKeyIsRefusedWithoutTheAdminsWord) {
  request({"demo", "site-2", ParticipantType::client}, "site-2", "request");

  EXPECT_EQ(reason_of(approve()), "request_other_key");
}

TEST_F(ApproveTest, TakesTheKeyAwayFromTheProjectWhenTheFileSaysSo) {
  project.provision(kSmallProject);
  ASSERT_TRUE(fs::exists(project.kit("site-1") / "startup/client.key"));
  project.provision(with_site_key());
  EXPECT_EQ(project.report().kits[1].change, KitChange::awaits_request);
  request();

  EXPECT_TRUE(approve().has_value());
}

TEST_F(ApproveTest, N60OfAnotherProjectIsRefused) {
  request({"other", "site-1", ParticipantType::client}, "site-1", "request");
  const auto before = files_below(project.workspace());

  EXPECT_EQ(reason_of(approve()), "request_wrong_project");
  expect_untouched(before);
}

TEST_F(ApproveTest, N60OfAnUnknownNameOrAnotherTypeIsRefused) {
  const auto before = files_below(project.workspace());
  request({"demo", "site-9", ParticipantType::client}, "site-9", "request");
  EXPECT_EQ(reason_of(approve()), "request_unknown_name");

  request({"demo", "site-1", ParticipantType::service}, "service", "request");
  EXPECT_EQ(reason_of(approve()), "request_wrong_type");
  expect_untouched(before);
}

TEST_F(ApproveTest, N60OfAChangedDescriptionIsRefused) {
  request();
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"site-1", "site-2"},
                                                        {"\"client\"", "\"admin\""},
                                                        {"\"demo\"", "\"..\""},
                                                        {"\"format\": 1", "\"format\": 2"}}) {
    auto entries = read_zip(zip("request"));
    std::string description = content_of(entries, "request.json");
    const size_t at = description.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    set_content(entries, "request.json", description.replace(at, from.size(), to));
    write_zip(zip("changed"), entries);

    EXPECT_THAT(reason_of(approve("changed")), testing::StartsWith("request_")) << to;
  }
}

TEST_F(ApproveTest, N60OfAnIncompleteOrOverfullArchiveIsRefused) {
  request();
  auto without = read_zip(zip("request"));
  without.pop_back();
  write_zip(zip("without"), without);
  EXPECT_EQ(reason_of(approve("without")), "request_malformed");

  auto more = read_zip(zip("request"));
  more.push_back({"client.key", 0600, base::Secret(base::as_bytes("x"))});
  write_zip(zip("more"), more);
  EXPECT_EQ(reason_of(approve("more")), "request_malformed");

  write_text(zip("none"), "no zip");
  EXPECT_EQ(reason_of(approve("none")), "archive_malformed");

  std::vector<kit::ArchiveEntry> large;
  large.push_back({"request.json", 0644, base::Secret(provision::kLargestRequest + 1)});
  write_zip(zip("large"), large);
  EXPECT_EQ(reason_of(approve("large")), "archive_too_large");
}

TEST_F(ApproveTest, KeepsAFileThatIsThere) {
  request();
  write_text(zip("approval"), "mine");

  EXPECT_EQ(reason_of(approve()), "file_exists");
  EXPECT_EQ(read_text(zip("approval")), "mine");
}

TEST_F(ApproveTest, WithoutTheCopyOfTheProjectSaysWhatToDo) {
  request();
  fs::remove(state() / "project.json");

  EXPECT_EQ(reason_of(approve()), "project_copy");
}

TEST_F(ApproveTest, NeedsThePassphraseOfTheRoot) {
  provision::ProvisionOptions how = passphrase("secret");
  how.workspace = project.folder() / "locked";
  ASSERT_TRUE(project.try_provision(with_site_key(), how).has_value());
  request();
  provision::ApproveOptions options;
  options.request = zip("request");
  options.workspace = how.workspace;
  options.output = zip("approval");

  EXPECT_EQ(reason_of(provision::approve(options, clock, random)), "root_key_passphrase");
  options.passphrase = how.passphrase;
  EXPECT_TRUE(provision::approve(options, clock, random).has_value());
}

class ServerKeyTest : public Distributed {
 protected:
  ServerKeyTest() : Distributed(with("type: server", "type: server\n    key_custody: site")) {}
};

TEST_F(ServerKeyTest, OfAServerCoversItsTokenKeyToo) {
  const auto asked = request({"demo", "server.example.com", ParticipantType::server}, "server", "request");
  ASSERT_EQ(asked.keys.size(), 2u);
  EXPECT_EQ(mode_of(folder("server") / "request/server.key"), 0600u);
  EXPECT_EQ(mode_of(folder("server") / "request/token.key"), 0600u);

  ASSERT_TRUE(approve().has_value());

  const auto kit = install("approval", "server");
  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  ASSERT_NE(kit->token_key(), nullptr);
  EXPECT_THAT(kit->leaf().dns_names(), testing::Contains("server.example.com"));
}

}  // namespace
}  // namespace fairlead::support
