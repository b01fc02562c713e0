#include "kit/site_settings.hpp"

#include <gtest/gtest.h>

#include "support/reference_kit.hpp"

namespace fairlead::kit {
namespace {

using support::ReferenceProject;

const std::string kAdmin = "admin@example.org";

/// A CA of somebody who runs a proxy, and what a site says about it in its local file.
class CustomCaOfASite : public testing::Test {
 protected:
  CustomCaOfASite() { support::write_text(file_, pem_); }
  config::Overrides overrides() const {
    return {{"custom_ca_cert", file_.string(), config::Origin::local, "f:2"}};
  }
  /// As node and commands do it.
  base::Result<std::optional<std::string>> resolve(const std::filesystem::path& path) const {
    FAIRLEAD_TRY(const Kit kit, Kit::open(path));
    config::ResolvedParticipant participant = resolved_participant(kit);
    FAIRLEAD_TRY(check_overrides(kit, overrides()));
    FAIRLEAD_TRY(config::apply_overrides(participant, overrides()));
    return custom_ca_of(kit, participant);
  }

  support::TempDir folder_;
  std::filesystem::path file_ = folder_.path() / "ca.pem";
  std::string pem_ =
      support::certificate_pem(support::reference_root({.common_name = "proxy"}, support::reference_key(50)));
};

TEST_F(CustomCaOfASite, IsTrustedByAnAdminOfTheReferenceWhoseKitCannotHaveOne) {
  const ReferenceProject project({.connection_security = "tls", .custom_ca = pem_});

  const auto ca = resolve(project.kit(kAdmin));

  ASSERT_TRUE(ca.has_value()) << ca.error().line();
  EXPECT_EQ(*ca, pem_);
}

TEST_F(CustomCaOfASite, IsTrustedOverAKitOfOurOwnThatHasNone) {
  std::string yaml(support::kSmallProject);
  yaml.insert(yaml.find("participants"), "connection_security: tls\n");
  const support::GivenProject project(yaml);

  const auto ca = resolve(project.kit("site-1"));

  ASSERT_TRUE(ca.has_value()) << ca.error().line();
  EXPECT_EQ(*ca, pem_);
}

TEST_F(CustomCaOfASite, MeansNothingWithoutTls) {
  const ReferenceProject project({.connection_security = "mtls"});

  const auto ca = resolve(project.kit("site-1"));

  ASSERT_TRUE(ca.has_value()) << ca.error().line();
  EXPECT_FALSE(ca->has_value());
}

TEST_F(CustomCaOfASite, NeverReplacesTheOneOfTheKit) {
  const ReferenceProject project({.connection_security = "tls", .custom_ca = pem_});

  const auto ca = resolve(project.kit("site-1"));

  ASSERT_FALSE(ca.has_value());
  EXPECT_EQ(ca.error().reason, "override_refused");
  EXPECT_EQ(ca.error().origin, "f:2:1");
  EXPECT_EQ(ca.error().code, base::ErrorCode::bad_configuration);
}

TEST_F(CustomCaOfASite, MustBeReadable) {
  const ReferenceProject project({.connection_security = "tls"});
  std::filesystem::remove(file_);

  const auto ca = resolve(project.kit(kAdmin));

  ASSERT_FALSE(ca.has_value());
  EXPECT_EQ(ca.error().code, base::ErrorCode::bad_configuration);
  EXPECT_EQ(ca.error().origin, "f:2:1");
  EXPECT_TRUE(ca.error().text.starts_with("custom_ca_cert: ")) << ca.error().text;
}

}  // namespace
}  // namespace fairlead::kit
