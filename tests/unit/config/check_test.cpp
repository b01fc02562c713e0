#include "config/check.hpp"

#include <sys/stat.h>

#include "base/random.hpp"
#include "config/source_file.hpp"
#include "crypto/certificate.hpp"
#include "crypto/key.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

crypto::PrivateKey new_key() { return crypto::PrivateKey::generate(crypto::KeyType::p256).value(); }

std::string new_root(const crypto::PrivateKey& key) {
  base::SystemRandom random;
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::root;
  profile.name = "proxy root";
  profile.uri = "fairlead://proxy";
  profile.not_before = base::WallTime(std::chrono::sys_days{std::chrono::year{2030} / 1 / 1});
  profile.not_after = base::WallTime(std::chrono::sys_days{std::chrono::year{2031} / 1 / 1});
  return crypto::issue_certificate(profile, key.public_key(), nullptr, key, random).value().to_pem();
}

/// Errors of `config check` for a project that names ca.pem in that directory.
std::string check(const ScratchDir& scratch, const std::string& project = "custom_ca_cert: ca.pem") {
  ProjectReading reading = read_project(scratch.write("project.yml", project_with(project)));
  EXPECT_TRUE(reading.project.has_value()) << reading.diagnostics.print();
  check_files(*reading.project, reading.diagnostics);
  return reading.diagnostics.print();
}

TEST(CustomCa, AcceptsOneOrMoreCertificates) {
  const ScratchDir scratch;
  const std::string pem = new_root(new_key());
  scratch.write("ca.pem", "a comment\n" + pem + pem);

  EXPECT_EQ(check(scratch), "");
  EXPECT_EQ(read_custom_ca(scratch.path("ca.pem")).value(), "a comment\n" + pem + pem);
}

TEST(CustomCa, N57RefusesAMissingFileAtTheKey) {
  const ScratchDir scratch;

  const std::string errors = check(scratch);

  EXPECT_TRUE(errors.starts_with(scratch.path("project.yml") + ":3:17: custom_ca_cert: cannot read "))
      << errors;
  EXPECT_NE(errors.find("                    ^\n"), std::string::npos) << errors;
}

TEST(CustomCa, N57RefusesADirectory) {
  const ScratchDir scratch;
  std::filesystem::create_directory(scratch.path("ca.pem"));

  EXPECT_NE(check(scratch).find("it is a directory"), std::string::npos);
}

TEST(CustomCa, N57RefusesAFileThatOthersCanWrite) {
  const ScratchDir scratch;
  const std::string file = scratch.write("ca.pem", new_root(new_key()));
  for (const mode_t mode : {0666u, 0664u, 0646u}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_NE(check(scratch).find("chmod go-w"), std::string::npos) << mode;
  }
}

TEST(CustomCa, MayBeReadByEverybody) {
  const ScratchDir scratch;
  ASSERT_EQ(::chmod(scratch.write("ca.pem", new_root(new_key())).c_str(), 0644), 0);

  EXPECT_EQ(check(scratch), "");
}

TEST(CustomCa, N57RefusesAPrivateKeyWithoutShowingIt) {
  const ScratchDir scratch;
  const crypto::PrivateKey key = new_key();
  const base::Secret secret = key.to_pem().value();
  const std::string key_pem = base::to_text(secret.expose());
  scratch.write("ca.pem", new_root(key) + key_pem);

  const std::string errors = check(scratch);

  EXPECT_NE(errors.find("holds a private key"), std::string::npos);
  EXPECT_EQ(errors.find(key_pem.substr(40, 20)), std::string::npos);
}

TEST(CustomCa, RefusesWhatIsNoCertificate) {
  const ScratchDir scratch;
  for (const char* text : {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    scratch.write("ca.pem", text);
    EXPECT_NE(check(scratch).find("name a file with PEM certificates"), std::string::npos) << text;
  }
}

TEST(CustomCa, RefusesMoreThanOneMiB) {
  const ScratchDir scratch;
  scratch.write("ca.pem", filled(1024 * 1024 + 1, ' '));

  EXPECT_NE(check(scratch).find("larger than 1024 KiB"), std::string::npos);
}

TEST(CustomCa, IsCheckedForEveryParticipantThatNamesOne) {
  const ScratchDir scratch;
  ProjectReading reading = read_project(
      scratch.write("project.yml", project_with("", "custom_ca_cert: a.pem", "custom_ca_cert: b.pem")));

  check_files(*reading.project, reading.diagnostics);

  EXPECT_EQ(reading.diagnostics.errors().size(), 2u);
}

TEST(ReadFile, AcceptsExactlyTheLimit) {
  const ScratchDir scratch;
  EXPECT_TRUE(read_file(scratch.write("a", "123"), 4));
  EXPECT_EQ(read_file(scratch.write("b", "1234"), 4).value().text, "1234");
  EXPECT_FALSE(read_file(scratch.write("c", "12345"), 4));
}

}  // namespace
}  // namespace fairlead::config
