// N57 end to end: a custom_ca_cert that nobody should be asked to trust is refused at its place in the
// project file, before anything is written. Explaining a project opens no other file.
#include <sys/stat.h>

#include "integration/foreign_server.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

struct BadCa {
  const char* name;
  void (*damage)(const fs::path& file, const ForeignCa& ca);
  const char* said;
  const char* noted;  ///< by explain; empty: nothing
};
const BadCa kBadCas[] = {
    {"Missing", [](const fs::path& file, const ForeignCa&) { fs::remove(file); }, "cannot read",
     "does not exist"},
    {"Directory",
     [](const fs::path& file, const ForeignCa&) {
       fs::remove(file);
       fs::create_directory(file);
     },
     "it is a directory", ""},
    {"GroupWritable", [](const fs::path& file, const ForeignCa&) { ::chmod(file.c_str(), 0664); },
     "can be written by others", ""},
    {"WorldWritable", [](const fs::path& file, const ForeignCa&) { ::chmod(file.c_str(), 0646); },
     "can be written by others", ""},
    {"PrivateKeyInside",
     [](const fs::path& file, const ForeignCa& ca) {
       support::write_text(file, ca.pem() + ca.server_pem("localhost"));
     },
     "holds a private key", ""},
    {"NoCertificate", [](const fs::path& file, const ForeignCa&) { support::write_text(file, "hello\n"); },
     "no certificate", ""},
};

/// A tls project whose custom_ca_cert, in line 4 at column 17, is a good file until a test damages it.
class CustomCaFile : public testing::TestWithParam<BadCa> {
 protected:
  CustomCaFile() {
    support::write_text(project_, project_of("tls\ncustom_ca_cert: ca.pem"));
    support::write_text(ca_file_, ca_.pem());
    ::chmod(ca_file_.c_str(), 0644);
  }
  Finished check() const { return fairlead({"config", "check", project_.string()}); }
  Finished provision() const {
    return fairlead({"provision", project_.string(), "-w", workspace_.string(), "--no-passphrase"});
  }
  void expect_refused_at_the_key(const Finished& finished) const {
    EXPECT_EQ(finished.code, 4) << finished.err;
    EXPECT_EQ(finished.out, "");
    EXPECT_TRUE(finished.err.starts_with(project_.string() + ":4:17: custom_ca_cert: ")) << finished.err;
    EXPECT_NE(finished.err.find(GetParam().said), std::string::npos) << finished.err;
    EXPECT_EQ(finished.err.find("PRIVATE KEY"), std::string::npos);
  }

  support::TempDir folder_;
  ForeignCa ca_;
  fs::path project_ = folder_.path() / "project.yml", ca_file_ = folder_.path() / "ca.pem",
           workspace_ = folder_.path() / "w";
};
INSTANTIATE_TEST_SUITE_P(N57, CustomCaFile, testing::ValuesIn(kBadCas),
                         [](const auto& test) { return test.param.name; });

TEST_P(CustomCaFile, N57IsRefusedByCheck) {
  GetParam().damage(ca_file_, ca_);

  expect_refused_at_the_key(check());
}

TEST_P(CustomCaFile, N57IsRefusedByProvisionBeforeAnythingIsWritten) {
  GetParam().damage(ca_file_, ca_);

  expect_refused_at_the_key(provision());

  EXPECT_FALSE(fs::exists(workspace_));
}

TEST_P(CustomCaFile, N57IsNoLongerRefusedOnceItIsMended) {
  GetParam().damage(ca_file_, ca_);
  ASSERT_EQ(check().code, 4);
  fs::remove_all(ca_file_);
  support::write_text(ca_file_, ca_.pem());
  ::chmod(ca_file_.c_str(), 0644);

  EXPECT_EQ(check().code, 0);
  EXPECT_EQ(provision().code, 0);
}

TEST_P(CustomCaFile, N57IsOnlyNotedByExplain) {
  GetParam().damage(ca_file_, ca_);

  const Finished done = fairlead({"config", "explain", project_.string(), "--json"});

  const base::Json data = data_of(done);
  std::string errors;
  for (const base::Json& note : data["notes"].items())
    if (note["level"].text() == "error") errors += note["text"].text();
  EXPECT_EQ(errors.empty(), GetParam().noted[0] == '\0') << errors;
  EXPECT_NE(errors.find(GetParam().noted), std::string::npos) << errors;
}

}  // namespace
}  // namespace fairlead::integration
