// custom_ca_cert: who gets the file, and which files are refused.
#include <gmock/gmock.h>

#include "kit/kit.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A project whose custom CA is another project's root.
struct GivenCustomCa {
  GivenProject other;
  GivenProject project;
  fs::path file = project.folder() / "custom.pem";
  std::string yaml =
      with("name: demo\n", "name: demo\nconnection_security: tls\ncustom_ca_cert: custom.pem\n");
  GivenCustomCa() { write_text(file, read_text(other.kit("site-1") / "startup/rootCA.pem")); }
};

TEST(CustomCa, IsInTheKitOfEverybodyWhoConnects) {
  GivenCustomCa given;

  given.project.provision(given.yaml);

  for (const char* name : {"site-1", "site-2", "service-1", "admin@example.com"}) {
    const auto kit = kit::Kit::open(given.project.kit(name));
    ASSERT_TRUE(kit.has_value()) << kit.error().line();
    EXPECT_TRUE(kit->settings().custom_ca) << name;
    EXPECT_EQ(kit->custom_ca_pem(), read_text(given.file)) << name;
  }
}

TEST(CustomCa, IsNotInTheServersKit) {
  GivenCustomCa given;

  given.project.provision(given.yaml);

  const auto kit = kit::Kit::open(given.project.kit("server.example.com"));
  ASSERT_TRUE(kit.has_value());
  EXPECT_FALSE(kit->custom_ca_pem().has_value());
}

TEST(CustomCa, IsInNoKitUnlessItIsConfigured) {
  const GivenProject project;

  for (const auto& [name, content] : files_below(project.workspace()))
    EXPECT_THAT(name, testing::Not(HasSubstr("customRootCA.pem")));
}

TEST(CustomCa, WithChangedContentMakesNewKits) {
  GivenCustomCa given;
  given.project.provision(given.yaml);
  const GivenProject third;
  write_text(given.file, read_text(third.kit("site-1") / "startup/rootCA.pem"));

  given.project.provision(given.yaml);

  EXPECT_EQ(given.project.report().kits[0].change, provision::KitChange::kept);
  EXPECT_EQ(given.project.report().kits[1].change, provision::KitChange::changed);
  EXPECT_THAT(given.project.report().kits[1].why, HasSubstr("custom_ca_cert"));
}

TEST(CustomCa, ThatIsMissingIsRefused) {
  GivenCustomCa given;
  std::error_code error;
  fs::remove(given.file, error);

  const auto report = given.project.try_provision(given.yaml);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(base::exit_code(report.error().code), 4);
  EXPECT_THAT(report.error().origin, HasSubstr("project.yml"));
}

TEST(CustomCa, ThatHoldsAPrivateKeyIsRefused) {
  GivenCustomCa given;
  write_text(given.file, read_text(given.file) + read_text(given.other.kit("site-1") / "startup/client.key"));

  EXPECT_FALSE(given.project.try_provision(given.yaml).has_value());
}

TEST(CustomCa, ThatIsNoCertificateIsRefused) {
  GivenCustomCa given;
  write_text(given.file, "hello");

  EXPECT_FALSE(given.project.try_provision(given.yaml).has_value());
}

}  // namespace
}  // namespace fairlead::support
