// The CURVE files of a kit, and which statements about peers count.
#include "kit/curve_files.hpp"

#include <gtest/gtest.h>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using support::write_text;

constexpr base::WallTime kNow{std::chrono::milliseconds(1'700'000'000'000)};

template <class T>
std::string reason_of(const base::Result<T>& read) {
  return read ? "" : read.error().reason;
}

class CurveFiles : public testing::Test {
 protected:
  CurveFiles() {
    fs::create_directories(peers());
    fs::permissions(peers(), fs::perms(0700));
    write("curve.pub", base::as_text(pair_.public_key));
    write("curve.key", base::as_text(pair_.secret.expose()));
  }
  fs::path peers() const { return folder_.path() / "local" / "peers"; }
  void write(const std::string& name, std::string_view content) const {
    write_text(folder_.path() / name, content);
    fs::permissions(folder_.path() / name, fs::perms(0600));
  }
  /// A statement about `name`, from now on for an hour.
  std::string statement(const std::string& project, const std::string& name) const {
    return base::to_text(
        sign_curve_statement({project, name, pair_.public_key, kNow, kNow + hours(1)}, root_).value());
  }
  base::Result<OwnCurve> own() const {
    return load_own_curve(*Folder::open(folder_.path()), CurveSecret::here);
  }
  base::Result<crypto::X25519Public> server() const {
    return load_server_curve(*Folder::open(folder_.path()), root_.public_key(), "works", "server");
  }
  PeerStatements read(base::WallTime now = kNow) const {
    return read_peer_statements(folder_.path(), root_.public_key(), "works", now);
  }

  const support::TempDir folder_;
  const crypto::PrivateKey root_ = crypto::PrivateKey::generate(crypto::KeyType::p256).value();
  const crypto::CurvePair pair_ = crypto::make_curve_pair().value();
};

TEST_F(CurveFiles, OfOneselfAreAPair) {
  const auto read = own();

  ASSERT_TRUE(read) << read.error().line();
  EXPECT_EQ(read->public_key, pair_.public_key);
  EXPECT_TRUE(base::equal(read->secret.expose(), pair_.secret.expose()));
}

TEST_F(CurveFiles, OfTwoPairsAreRefused) {
  write("curve.key", base::as_text(crypto::make_curve_pair()->secret.expose()));

  EXPECT_EQ(reason_of(own()), "kit_key_mismatch");
}

TEST_F(CurveFiles, HaveThirtyTwoBytes) {
  for (const char* const name : {"curve.pub", "curve.key"}) {
    const std::string good = support::read_text(folder_.path() / name);
    write(name, good.substr(1));
    EXPECT_EQ(reason_of(own()), "kit_bad_key") << name;
    write(name, good + "x");
    EXPECT_EQ(reason_of(own()), "kit_bad_key") << name;
    write(name, good);
  }
}

TEST_F(CurveFiles, NameTheServerOfThisProjectAlone) {
  write("server.curve", statement("works", "server"));
  EXPECT_EQ(server().value(), pair_.public_key);

  write("server.curve", statement("works", "site-1"));
  EXPECT_EQ(reason_of(server()), "kit_bad_certificate");
  write("server.curve", statement("cake", "server"));
  EXPECT_EQ(reason_of(server()), "kit_bad_certificate");
}

TEST_F(CurveFiles, NameNoServerThatTheRootDidNotSign) {
  std::string forged = statement("works", "server");
  forged.back() = static_cast<char>(forged.back() ^ 1);
  write("server.curve", forged);

  EXPECT_EQ(reason_of(server()), "kit_bad_certificate");
}

TEST_F(CurveFiles, OfPeersAreSortedByName) {
  write("local/peers/1.curve", statement("works", "site-2"));
  write("local/peers/2.curve", statement("works", "site-1"));

  EXPECT_EQ(read().keys, (std::vector<PeerKey>{{"site-1", pair_.public_key}, {"site-2", pair_.public_key}}));
  EXPECT_TRUE(read().refused.empty());
}

TEST_F(CurveFiles, OfPeersCountWhileTheyAreValid) {
  write("local/peers/site-1.curve", statement("works", "site-1"));

  EXPECT_EQ(read(kNow).keys.size(), 1u);
  for (const base::WallTime when : {kNow - hours(1), kNow + hours(1)}) {
    EXPECT_TRUE(read(when).keys.empty());
    EXPECT_EQ(read(when).refused.size(), 1u);
  }
}

TEST_F(CurveFiles, OfPeersOfAnotherProjectCountForNothing) {
  write("local/peers/site-1.curve", statement("cake", "site-1"));

  EXPECT_TRUE(read().keys.empty());
  ASSERT_EQ(read().refused.size(), 1u);
  EXPECT_NE(read().refused.front().find("project cake"), std::string::npos);
}

TEST_F(CurveFiles, OfPeersThatAreTooLargeAreNotRead) {
  write("local/peers/site-1.curve", std::string(crypto::kMaxCurveStatement + 1, 'x'));

  EXPECT_TRUE(read().keys.empty());
  ASSERT_EQ(read().refused.size(), 1u);
  EXPECT_NE(read().refused.front().find("expected at most 2048 bytes"), std::string::npos)
      << read().refused.front();
}

TEST_F(CurveFiles, WithoutTheirEndingAreNone) {
  write("local/peers/README", "what belongs here");

  EXPECT_TRUE(read().keys.empty());
  EXPECT_TRUE(read().refused.empty());
}

TEST_F(CurveFiles, OfPeersInALinkedFolderCountForNothing) {
  write("local/peers/site-1.curve", statement("works", "site-1"));
  fs::rename(peers(), folder_.path() / "elsewhere");
  fs::create_directory_symlink(folder_.path() / "elsewhere", peers());

  EXPECT_TRUE(read().keys.empty());
  EXPECT_EQ(read().refused.size(), 1u);
}

}  // namespace
}  // namespace fairlead::kit
