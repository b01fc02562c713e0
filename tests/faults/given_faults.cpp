#include "faults/given_faults.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "base/random.hpp"
#include "build_paths.hpp"
#include "config/resolve.hpp"
#include "crypto/crl.hpp"
#include "kit/kit.hpp"
#include "provision/authority.hpp"
#include "provision/ledger.hpp"
#include "provision/workspace.hpp"

namespace fairlead::faults {
namespace {

using support::Finished;
using support::read_text;
using support::RunningProcess;

class FixedClock final : public base::Clock {
 public:
  explicit FixedClock(base::WallTime now) : now_(now) {}
  base::WallTime wall() const noexcept override { return now_; }
  base::MonoTime mono() const noexcept override { return {}; }

 private:
  base::WallTime now_;
};

const char* kind_of(Fault fault, unsigned at) {
  if (fault == Fault::kill) return "kill";
  if (fault == Fault::full_disk) return "full";
  return at % 2 == 1 ? "eio" : "enospc";
}

/// AddressSanitizer wants to come first; the library that is preloaded has nothing of it inside.
std::string asan_options() {
  const char* given = std::getenv("ASAN_OPTIONS");
  return std::string(given != nullptr ? given : "") + ":verify_asan_link_order=0";
}

std::string content_of(int fd) {
  std::string text(4096, '\0');
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text;
}

void expect_list_of(const crypto::Certificate& root, const fs::path& file) {
  if (!fs::exists(file)) return;
  const std::string text = read_text(file);
  const auto lists = crypto::RevocationLists::read(base::as_bytes(text), root, {}, base::WallTime::max());
  EXPECT_TRUE(lists.has_value()) << file << ": " << lists.error().line();
}

bool knows(const provision::Ledger& ledger, const crypto::Certificate& certificate) {
  const std::string digest = base::hex(certificate.sha256());
  for (const provision::IssuedCertificate& one : ledger.certificates)
    if (one.sha256 == digest) return true;
  return false;
}

void expect_good_kit(const fs::path& path, const provision::Ledger& ledger) {
  const auto kit = kit::Kit::open(path, kit::VersionMemory::only_check);
  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_TRUE(knows(ledger, kit->leaf())) << path;
  if (kit->token_certificate() == nullptr) return;
  EXPECT_TRUE(knows(ledger, *kit->token_certificate())) << path;
}

}  // namespace

std::string fault_name(const testing::TestParamInfo<Fault>& fault) {
  if (fault.param == Fault::kill) return "Kill";
  return fault.param == Fault::one_call ? "OneCall" : "FullDisk";
}

Outcome run_with_fault(const fs::path& folder, const Words& words, Fault fault, unsigned at) {
  static const std::string for_asan = asan_options();
  ::setenv("ASAN_OPTIONS", for_asan.c_str(), 1);
  const kit::Descriptor report(::memfd_create("report", MFD_CLOEXEC));
  Words arguments{std::string(FAIRLEAD_BINARY_DIR) + "/bin/fairlead"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const RunningProcess::Options options{
      .environment = {"LD_PRELOAD=" + std::string(FAIRLEAD_BINARY_DIR) + "/tests/faults/disk_faults.so",
                      "DISK_FAULT_AT=" + std::to_string(at),
                      "DISK_FAULT_KIND=" + std::string(kind_of(fault, at))},
      .folder = folder.string(),
      .inherited = report.get()};
  Outcome outcome;
  outcome.finished = RunningProcess(arguments, options).finish();
  const std::string line = content_of(report.get());
  const size_t space = line.find(' ');
  if (space == std::string::npos) return outcome;
  outcome.call = line.substr(0, space);
  outcome.path = line.substr(space + 1, line.find('\n') - space - 1);
  return outcome;
}

void expect_sound(const fs::path& project) {
  const provision::Workspace workspace(project.parent_path(), project.filename().string());
  const auto root = provision::read_root(workspace.state());
  ASSERT_TRUE(root.has_value()) << root.error().line();
  const auto releases = workspace.releases();
  ASSERT_TRUE(releases.has_value()) << releases.error().line();
  if (!*root) {
    EXPECT_TRUE(releases->newest.empty()) << "kits without a root";
    return;
  }
  const auto authority = provision::open_authority(workspace.state(), **root, nullptr);
  EXPECT_TRUE(authority.has_value()) << authority.error().line();
  const auto ledger = provision::read_ledger(workspace.state());
  ASSERT_TRUE(ledger.has_value()) << ledger.error().line();
  for (const auto& [name, kit] : releases->newest) expect_good_kit(kit, *ledger);
  expect_list_of(**root, workspace.state() / "crl.pem");
  expect_list_of(**root, workspace.list_file());
}

void expect_no_leftovers(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == ".lock" || !name.starts_with(".")) << entry.path();
    EXPECT_EQ(name.find(".tmp"), std::string::npos) << entry.path();
  }
}

void expect_old_kits_untouched(const fs::path& before, const fs::path& now) {
  for (const auto& entry : fs::recursive_directory_iterator(before)) {
    const fs::path same = now / entry.path().lexically_relative(before);
    if (!entry.is_regular_file() || same.string().find("/prod_") == std::string::npos) continue;
    EXPECT_EQ(read_text(same), read_text(entry.path())) << same;
  }
}

void write_project(const fs::path& folder, const std::string& name, const std::string& more) {
  support::write_text(folder / name,
                      "api_version: 3\nname: demo\nconnection_security: tls\nparticipants:\n"
                      "- {name: server, type: server, org: o, host_names: [localhost]}\n" +
                          more);
}

void provision(const fs::path& folder, const std::string& more, base::WallTime when) {
  write_project(folder, "given.yml", more);
  const auto project = config::load_project((folder / "given.yml").string());
  ASSERT_TRUE(project.has_value()) << project.error().line();
  provision::ProvisionOptions options;
  options.workspace = folder / "w";
  base::SystemRandom random;
  const auto made = provision::provision(*project, options, FixedClock(when), random);
  ASSERT_TRUE(made.has_value()) << made.error().line();
}

}  // namespace fairlead::faults
