// The answer meets the key that stayed.
#include "provision/install.hpp"

#include <gmock/gmock.h>

#include "distributed.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using base::ParticipantType;

class InstallTest : public Distributed {
 protected:
  /// An approval of site-1 in approval.zip, whose key waits in folder("site-1").
  void given_approval() {
    request();
    ASSERT_TRUE(approve().has_value());
  }
  std::string reason_with_root(const std::string& root_sha256) const {
    return reason_of(
        provision::install_approval(provision::InstallOrder{zip("approval"), folder("site-1"), root_sha256}));
  }
  void expect_untouched(const std::map<std::string, std::string>& before) const {
    EXPECT_EQ(files_below(folder("site-1")), before);
    EXPECT_FALSE(fs::exists(folder("site-1") / "startup"));
  }
};

TEST_F(InstallTest, TheRequestKeepsItsKeyForTheSiteAlone) {
  request();

  EXPECT_EQ(mode_of(folder("site-1")), 0700u);
  EXPECT_EQ(mode_of(folder("site-1") / "request"), 0700u);
  EXPECT_EQ(mode_of(folder("site-1") / "request/client.key"), 0600u);
  for (const kit::ArchiveEntry& entry : read_zip(zip("request")))
    EXPECT_EQ(base::as_text(entry.content.expose()).find("PRIVATE"), std::string_view::npos) << entry.path;
}

TEST_F(InstallTest, ALostRequestIsWrittenAgainForTheSameKey) {
  request();
  const std::string first = read_text(zip("request"));

  const auto again = request();

  EXPECT_TRUE(again.found);
  EXPECT_EQ(read_text(zip("request")), first);
}

TEST_F(InstallTest, ARequestForSomebodyElseIsNotOverwritten) {
  request();
  provision::SiteOrder order;
  order.subject = {"demo", "site-2", ParticipantType::client};
  order.kit = folder("site-1");

  EXPECT_EQ(reason_of(provision::request_certificate(order)), "request_exists");
}

TEST_F(InstallTest, MakesAKitThatOpens) {
  given_approval();
  const std::string key = read_text(folder("site-1") / "request/client.key");

  const auto kit = install();

  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_EQ(kit->settings().name, "site-1");
  EXPECT_TRUE(kit::Kit::open(folder("site-1")).has_value());
  EXPECT_EQ(read_text(folder("site-1") / "startup/client.key"), key);
  EXPECT_EQ(mode_of(folder("site-1") / "startup/client.key"), 0600u);
  EXPECT_TRUE(fs::exists(folder("site-1") / "local/fairlead.yml"));
  EXPECT_TRUE(fs::exists(folder("site-1") / "transfer"));
  EXPECT_FALSE(fs::exists(folder("site-1") / "request"));
  EXPECT_FALSE(fs::exists(folder("site-1") / ".install.tmp"));
}

TEST_F(InstallTest, TakesTheFingerprintAsPeopleWriteIt) {
  given_approval();
  std::string spoken;
  for (size_t i = 0; i < root().size(); i += 2)
    spoken += (i == 0 ? "" : ":") + std::string{static_cast<char>(std::toupper(root()[i])),
                                                static_cast<char>(std::toupper(root()[i + 1]))};

  EXPECT_EQ(reason_with_root(spoken), "");
}

TEST_F(InstallTest, N60WithAnotherFingerprintLeavesEverythingAsItWas) {
  given_approval();
  const auto before = files_below(folder("site-1"));

  EXPECT_EQ(reason_with_root(std::string(64, '0')), "wrong_root");
  const auto short_one = provision::install_approval(
      provision::InstallOrder{zip("approval"), folder("site-1"), root().substr(1)});
  ASSERT_FALSE(short_one.has_value());
  EXPECT_EQ(short_one.error().code, base::ErrorCode::bad_arguments);
  expect_untouched(before);
}

TEST_F(InstallTest, N60OfAnotherRequestsApprovalIsRefused) {
  given_approval();
  request({"demo", "site-1", ParticipantType::client}, "second", "second");
  const auto before = files_below(folder("second"));

  EXPECT_EQ(reason_of(install("approval", "second")), "approval_other_key");
  EXPECT_EQ(files_below(folder("second")), before);
}

TEST_F(InstallTest, N60OfAnotherParticipantsApprovalIsRefused) {
  GivenProject other(with("org: south", "org: south\n    key_custody: site"));
  const auto asked = request();
  provision::SiteOrder same_key;  // the one key, asked for under another name
  same_key.subject = {"demo", "site-2", ParticipantType::client};
  same_key.kit = folder("site-2");
  const auto key = crypto::PrivateKey::from_pem(asked.keys[0].key_pem.expose());
  const auto own = provision::make_request(same_key.subject, provision::KeyUse::identity, &*key, {});
  ASSERT_TRUE(own.has_value());
  const provision::Request forged{same_key.subject, {{provision::KeyUse::identity, own->request_pem}}, {}};
  write_zip(zip("request"), provision::to_entries(forged));
  ASSERT_TRUE(approve("request", "approval", provision::OtherKey::replaced).has_value());

  EXPECT_EQ(reason_of(install()), "approval_wrong_name");
}

TEST_F(InstallTest, N60OfATamperedApprovalIsRefused) {
  given_approval();
  const auto before = files_below(folder("site-1"));
  for (const kit::ArchiveEntry& entry : read_zip(zip("approval"))) {
    // local/ is the site's own, and a blank behind a certificate says nothing.
    if (!entry.path.starts_with("startup/") || entry.path.ends_with(".crt")) continue;
    auto entries = read_zip(zip("approval"));
    set_content(entries, entry.path, content_of(entries, entry.path) + " ");
    write_zip(zip("tampered"), entries);
    EXPECT_FALSE(install("tampered").has_value()) << entry.path;
    expect_untouched(before);
  }
}

TEST_F(InstallTest, N60OfAnArchiveWithMoreThanAKitIsRefused) {
  given_approval();
  for (const std::string path :
       {"startup/client.key", "state/version", "startup/deep/file", "evil", "request/client.key"}) {
    auto entries = read_zip(zip("approval"));
    entries.push_back({path, 0600, base::Secret(base::as_bytes("x"))});
    write_zip(zip("more"), entries);

    EXPECT_EQ(reason_of(install("more")), "approval_malformed") << path;
  }
}

TEST_F(InstallTest, N61OfAnArchiveWithAPrivateKeyIsRefused) {
  given_approval();
  auto entries = read_zip(zip("approval"));
  entries.push_back({"local/notes.txt", 0644,
                     base::Secret(base::as_bytes(read_text(folder("site-1") / "request/client.key")))});
  write_zip(zip("more"), entries);

  EXPECT_EQ(reason_of(install("more")), "approval_malformed");
}

TEST_F(InstallTest, OfALaterVersionKeepsTheKeyAndTheSitesOwnSettings) {
  const kit::Kit first = installed_site();
  const std::string key = read_text(folder("site-1") / "startup/client.key");
  write_text(folder("site-1") / "local/fairlead.yml", "# mine\n");
  project.provision(with("org: north", "org: north\n    key_custody: site\n    message_security: seal"));

  const auto kit =
      provision::install_approval(provision::InstallOrder{project.kit("site-1"), folder("site-1"), root()});

  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_GT(kit->settings().kit_version, first.settings().kit_version);
  EXPECT_EQ(read_text(folder("site-1") / "startup/client.key"), key);
  EXPECT_EQ(read_text(folder("site-1") / "local/fairlead.yml"), "# mine\n");
}

TEST_F(InstallTest, OfAnOlderVersionIsRefused) {
  installed_site();
  project.provision(with("org: north", "org: north\n    key_custody: site\n    message_security: seal"));
  const provision::InstallOrder newer{project.kit("site-1"), folder("site-1"), root()};
  ASSERT_TRUE(provision::install_approval(newer).has_value());
  ASSERT_TRUE(kit::Kit::open(folder("site-1")).has_value());  // it ran

  EXPECT_EQ(reason_of(install()), "kit_older_version");
}

TEST_F(InstallTest, SweepsWhatAKilledRunLeft) {
  given_approval();
  fs::create_directories(folder("site-1") / ".install.tmp/startup");
  write_text(folder("site-1") / ".install.tmp/startup/client.key", "half");

  EXPECT_TRUE(install().has_value());
  EXPECT_FALSE(fs::exists(folder("site-1") / ".install.tmp"));
}

TEST_F(InstallTest, AfterACrashBeforeTheRequestWentInstallsAgain) {
  given_approval();
  const fs::path kept = project.folder() / "kept";
  fs::copy(folder("site-1") / "request", kept, fs::copy_options::recursive);
  ASSERT_TRUE(install().has_value());
  fs::copy(kept, folder("site-1") / "request", fs::copy_options::recursive);
  fs::permissions(folder("site-1") / "request", fs::perms::owner_all);

  EXPECT_TRUE(install().has_value());
  EXPECT_FALSE(fs::exists(folder("site-1") / "request"));
}

}  // namespace
}  // namespace fairlead::support
