// A kit that is not exactly what provision made is refused before anything of it is used.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tampering.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;

class ChangedFile : public testing::TestWithParam<const char*> {};

TEST_P(ChangedFile, OfTheServersKitIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("server.example.com");

  flip_one_bit(kit / "startup" / GetParam());

  EXPECT_TRUE(reason_to_refuse(kit).starts_with("kit_")) << reason_to_refuse(kit);
}

TEST_P(ChangedFile, ThatIsMissingIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("server.example.com");

  ASSERT_EQ(::unlink((kit / "startup" / GetParam()).c_str()), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_missing_file");
}

TEST_P(ChangedFile, ThatIsASymbolicLinkIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("server.example.com");
  const fs::path file = kit / "startup" / GetParam();

  ASSERT_EQ(::rename(file.c_str(), (project.folder() / "elsewhere").c_str()), 0);
  ASSERT_EQ(::symlink((project.folder() / "elsewhere").c_str(), file.c_str()), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_symlink");
}

TEST_P(ChangedFile, OpenToOthersIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("server.example.com");
  const std::string name = GetParam();

  ASSERT_EQ(::chmod((kit / "startup" / name).c_str(), name.ends_with(".key") ? 0644 : 0666), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_unsafe_mode");
}

INSTANTIATE_TEST_SUITE_P(Each, ChangedFile,
                         testing::Values("fairlead.json", "rootCA.pem", "manifest.json", "manifest.sig",
                                         "server.crt", "server.key", "token.crt", "token.key"),
                         [](const auto& test) {
                           std::string name = test.param;
                           name[name.find('.')] = '_';
                           return name;
                         });

TEST(KitTampering, NamesFileFoundAndExpected) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");
  flip_one_bit(kit / "startup/fairlead.json");

  const auto opened = kit::Kit::open(kit);

  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().reason, "kit_changed");
  EXPECT_EQ(opened.error().origin, (kit / "startup/fairlead.json").string() + ":1:1");
  EXPECT_NE(opened.error().text.find("the signed manifest expects"), std::string::npos);
  EXPECT_FALSE(opened.error().hint.empty());
}

TEST(KitTampering, ExtraFileIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  write_text(kit / "startup/extra.so", "x");

  EXPECT_EQ(reason_to_refuse(kit), "kit_extra_file");
}

TEST(KitTampering, ExtraFolderIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  ASSERT_EQ(::mkdir((kit / "startup/plugins").c_str(), 0700), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_extra_file");
}

TEST(KitTampering, NamedPipeIsRefusedWithoutWaiting) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");
  const fs::path key = kit / "startup/client.key";

  ASSERT_EQ(::unlink(key.c_str()), 0);
  ASSERT_EQ(::mkfifo(key.c_str(), 0600), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_extra_file");
}

TEST(KitTampering, StartupThatIsASymbolicLinkIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  ASSERT_EQ(::rename((kit / "startup").c_str(), (kit / "other").c_str()), 0);
  ASSERT_EQ(::symlink("other", (kit / "startup").c_str()), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_symlink");
}

TEST(KitTampering, StartupThatOthersMayWriteIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  ASSERT_EQ(::chmod((kit / "startup").c_str(), 0770), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_unsafe_mode");
}

TEST(KitTampering, KeyThatOthersMayReadNamesTheCommandToType) {
  const GivenProject project;
  const fs::path key = project.kit("site-1") / "startup/client.key";
  ASSERT_EQ(::chmod(key.c_str(), 0640), 0);

  const auto opened = kit::Kit::open(project.kit("site-1"));

  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().hint, "type: chmod 600 " + key.string());
}

TEST(KitTampering, KeyOfAnotherOwnerIsRefused) {
  if (::geteuid() != 0) return;  // only root can give a file away; CI is root
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  ASSERT_EQ(::chown((kit / "startup/client.key").c_str(), 65534, 65534), 0);

  EXPECT_EQ(reason_to_refuse(kit), "kit_wrong_owner");
}

TEST(KitTampering, CredentialsOfAnotherParticipantAreRefused) {
  const GivenProject project;
  const fs::path mine = project.kit("site-1") / "startup", other = project.kit("site-2") / "startup";

  put_in_place_of(other / "client.crt", mine / "client.crt");
  put_in_place_of(other / "client.key", mine / "client.key");

  EXPECT_EQ(reason_to_refuse(project.kit("site-1")), "kit_wrong_identity");
}

TEST(KitTampering, KeyOfAnotherParticipantIsRefused) {
  const GivenProject project;

  put_in_place_of(project.kit("site-2") / "startup/client.key", project.kit("site-1") / "startup/client.key");

  EXPECT_EQ(reason_to_refuse(project.kit("site-1")), "kit_key_mismatch");
}

TEST(KitTampering, SettingsOfAnotherParticipantAreRefused) {
  const GivenProject project;

  put_in_place_of(project.kit("site-2") / "startup/fairlead.json",
                  project.kit("site-1") / "startup/fairlead.json");

  EXPECT_EQ(reason_to_refuse(project.kit("site-1")), "kit_changed");
}

TEST(KitTampering, SameNameFromAnotherProjectIsRefused) {
  const GivenProject project, other;
  const fs::path mine = project.kit("site-1") / "startup", theirs = other.kit("site-1") / "startup";

  put_in_place_of(theirs / "client.crt", mine / "client.crt");
  put_in_place_of(theirs / "client.key", mine / "client.key");

  EXPECT_EQ(reason_to_refuse(project.kit("site-1")), "kit_bad_certificate");
}

TEST(KitTampering, RootOfAnotherProjectIsRefused) {
  const GivenProject project, other;

  put_in_place_of(other.kit("site-1") / "startup/rootCA.pem", project.kit("site-1") / "startup/rootCA.pem");

  EXPECT_EQ(reason_to_refuse(project.kit("site-1")), "kit_bad_signature");
}

TEST(KitTampering, ManifestSignedByAClientIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, kit / "startup/client.key", [](std::string& manifest) {
    replace_in(manifest, R"("message_security": "auto")", R"("message_security": "mac")");
  });

  EXPECT_EQ(reason_to_refuse(kit), "kit_bad_signature");
}

TEST(KitTampering, SignedPathOutsideStartupIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, root_key_of(project), [](std::string& manifest) {
    replace_in(manifest, "startup/fairlead.json", "startup/../x.json");
  });

  EXPECT_EQ(reason_to_refuse(kit), "kit_path_escape");
}

TEST(KitTampering, SignedManifestThatContradictsTheSettingsIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, root_key_of(project), [](std::string& manifest) {
    replace_in(manifest, R"("connection_security": "mtls")", R"("connection_security": "clear")");
  });

  EXPECT_EQ(reason_to_refuse(kit), "kit_mixed");
}

TEST(KitTampering, ManifestThatAloneAllowsWeakerOverridesIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, root_key_of(project), [](std::string& manifest) {
    replace_in(manifest, R"("weaker_overrides": "refused")", R"("weaker_overrides": "allowed")");
  });

  EXPECT_EQ(reason_to_refuse(kit), "kit_mixed");
}

TEST(KitTampering, UnknownRuleAboutWeakerOverridesIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, root_key_of(project), [](std::string& manifest) {
    replace_in(manifest, R"("weaker_overrides": "refused")", R"("weaker_overrides": "perhaps")");
  });

  EXPECT_EQ(reason_to_refuse(kit), "kit_bad_manifest");
}

TEST(KitTampering, ManifestOfALaterFormatIsRefused) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  sign_again(kit, root_key_of(project),
             [](std::string& manifest) { replace_in(manifest, R"("format": 1)", R"("format": 2)"); });

  EXPECT_EQ(reason_to_refuse(kit), "kit_bad_manifest");
}

TEST(KitTampering, ChangesInLocalAreTheSitesOwnAffair) {
  const GivenProject project;
  const fs::path kit = project.kit("site-1");

  write_text(kit / "local/fairlead.yml", "log:\n  level: debug\n");
  write_text(kit / "local/own.txt", "mine");

  EXPECT_EQ(reason_to_refuse(kit), "opened");
}

}  // namespace
}  // namespace fairlead::support
