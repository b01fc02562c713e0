// provision_bench: what it takes to provision a project of many participants, next to the openssl command
// making as many keys and certificates of the same type, in the same run. First run, a run that changes
// nothing, and one that adds a participant; wall clock, processor time and most memory of each. Argument: how
// many participants [1000]. The peer makes 50 and is scaled up.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "build_paths.hpp"
#include "support/given_project.hpp"
#include "support/running_process.hpp"

namespace {

using namespace fairlead;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int kPeerCertificates = 50;
constexpr std::chrono::minutes kLimit(10);

std::string project_of(int participants) {
  std::string text =
      "api_version: 3\nname: many\nparticipants:\n- {name: server.example.com, type: server, org: o}\n";
  for (int i = 0; i < participants; ++i) {
    text += "- {name: site-";
    text += std::to_string(i) + ", type: client, org: o}\n";
  }
  return text;
}

/// One run to its end; ends the program when it fails.
double run(const char* what, const std::vector<std::string>& arguments) {
  const auto start = Clock::now();
  support::RunningProcess process(arguments);
  const support::Finished done = process.finish(kLimit);
  const double seconds = Seconds(Clock::now() - start).count();
  if (done.code != 0) {
    std::fprintf(stderr, "%s failed: %s\n", what, done.err.c_str());
    std::exit(1);
  }
  std::printf("%-24s %8.2f s  %8.2f s  %6ld MiB\n", what, seconds, Seconds(done.processor).count(),
              done.peak_kib / 1024);
  return seconds;
}

double provision_run(const char* what, const fs::path& folder, int participants) {
  support::write_text(folder / "project.yml", project_of(participants));
  const std::string program = FAIRLEAD_BINARY_DIR "/bin/fairlead";
  return run(what, {program, "provision", (folder / "project.yml").string(), "-w",
                    (folder / "workspace").string(), "--no-passphrase"});
}

/// Key, request and certificate for each, as a script around openssl does it.
double peer(const fs::path& folder) {
  const std::string script =
      "set -e; cd '" + folder.string() +
      "'; k='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'; "
      "openssl req -x509 $k -keyout ca.key -out ca.crt -subj /CN=ca; for i in $(seq " +
      std::to_string(kPeerCertificates) +
      "); do openssl req $k -keyout $i.key -out $i.csr -subj /CN=site-$i; "
      "openssl x509 -req -in $i.csr -CA ca.crt -CAkey ca.key -out $i.crt -days 398; done";
  return run("openssl, 50 of them", {"/bin/bash", "-c", script});
}

}  // namespace

int main(int count, char** arguments) {
  const long wanted = count > 1 ? std::strtol(arguments[1], nullptr, 10) : 1000;
  if (wanted < 1 || wanted > 3000) {
    std::fprintf(stderr, "usage: provision_bench [1..3000]\n");
    return 4;
  }
  const auto participants = static_cast<int>(wanted);
  const support::TempDir ours, theirs;
  std::printf("%-24s %10s  %10s  %10s\n", "RUN", "WALL", "PROCESSOR", "MEMORY");
  const double first = provision_run("first run", ours.path(), participants);
  provision_run("nothing changed", ours.path(), participants);
  provision_run("one more participant", ours.path(), participants + 1);
  const double scaled = peer(theirs.path()) / kPeerCertificates * participants;
  std::printf("%d participants: %.2f s, openssl alone %.1f s: %.1f times as fast\n", participants, first,
              scaled, scaled / first);
  return 0;
}
