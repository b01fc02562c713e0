// Who listens on a port: /proc/net/tcp* has the socket's inode, /proc/PID/fd who holds it (proc(5)).
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "doctor/listeners.hpp"

namespace fairlead::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kListening = "0A";

/// Fields of a line: "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...".
void add_inode(const std::string& line, uint16_t port, std::set<std::string>& inodes) {
  std::istringstream words(line);
  std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
  words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
  const size_t colon = local.rfind(':');
  if (state != kListening || colon == std::string::npos || inode.empty()) return;
  uint16_t found = 0;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16);
  if (found == port) inodes.insert("socket:[" + inode + "]");
}

std::set<std::string> listening_sockets(uint16_t port) {
  std::set<std::string> inodes;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) add_inode(line, port, inodes);
  }
  return inodes;
}

bool holds_one(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (sockets.contains(fs::read_symlink(at->path(), gone).string())) return true;
  }
  return false;
}

std::string first_line(const fs::path& file, char end) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line, end);
  return line;
}

bool names_kit(const fs::path& process, const fs::path& kit) {
  std::ifstream stream(process / "cmdline");
  std::error_code error;
  const fs::path folder = fs::read_symlink(process / "cwd", error);
  bool serves = false, same = false;
  for (std::string word; std::getline(stream, word, '\0');) {
    serves = serves || word == "server";
    same = same || fs::equivalent(folder / word, kit, error);
  }
  return serves && same;
}

}  // namespace

std::optional<Holder> holder_of(uint16_t port, const fs::path& kit) {
  const std::set<std::string> sockets = listening_sockets(port);
  if (sockets.empty()) return std::nullopt;
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    pid_t pid = 0;
    const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad != std::errc() || stop != name.data() + name.size() || !holds_one(at->path(), sockets)) continue;
    const std::string command = first_line(at->path() / "comm", '\n');
    return Holder{pid, command, command == "fairlead" && names_kit(at->path(), kit)};
  }
  return std::nullopt;
}

}  // namespace fairlead::doctor
