#include "support/given_project.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/random.hpp"
#include "config/resolve.hpp"

namespace fairlead::support {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "test set-up failed: %s\n", why.c_str());
  std::abort();
}

}  // namespace

const std::string_view kSmallProject = R"(api_version: 3
name: demo
participants:
  - name: server.example.com
    type: server
    org: example
    host_names: [localhost, 127.0.0.1]
    fed_learn_port: 8002
  - name: site-1
    type: client
    org: north
  - name: site-2
    type: client
    org: south
  - name: service-1
    type: service
    org: north
  - name: admin@example.com
    type: admin
    org: example
    role: project_admin
)";

TempDir::TempDir() {
  std::error_code error;
  std::string pattern = (std::filesystem::temp_directory_path(error) / "fairlead-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr) give_up("cannot make a temporary directory");
  path_ = pattern;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

void write_text(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  if (!file.flush()) give_up("cannot write " + path.string());
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

GivenProject::GivenProject(std::string_view yaml) { provision(yaml); }

GivenProject::GivenProject(std::string_view yaml, const base::Clock& clock) : clock_(&clock) {
  provision(yaml);
}

void GivenProject::provision(std::string_view yaml) {
  const auto report = try_provision(yaml);
  if (!report) give_up(report.error().line());
}

base::Result<provision::ProvisionReport> GivenProject::try_provision(std::string_view yaml,
                                                                     provision::ProvisionOptions options) {
  const std::filesystem::path file = folder() / "project.yml";
  write_text(file, yaml);
  FAIRLEAD_TRY(const config::ResolvedProject project, config::load_project(file.string()));
  if (options.workspace.empty()) options.workspace = workspace();
  base::SystemRandom random;
  const base::Clock& clock = clock_ != nullptr ? *clock_ : system_clock_;
  FAIRLEAD_TRY(provision::ProvisionReport report, provision::provision(project, options, clock, random));
  report_ = report;
  return report;
}

std::filesystem::path GivenProject::kit(std::string_view participant) const {
  for (const provision::KitReport& kit : report_.kits)
    if (kit.name == participant) return kit.path;
  give_up("no participant " + std::string(participant));
}

}  // namespace fairlead::support
