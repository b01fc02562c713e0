/// Small words of the config tests: a project text, a scratch file, a resolved participant.
#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "config/project_reader.hpp"
#include "config/resolve.hpp"

namespace fairlead::config {

inline constexpr const char* kHead = "api_version: 3\nname: p\nparticipants:\n";
inline constexpr const char* kServerItem = "- {name: srv, type: server, org: o}\n";
inline constexpr const char* kClientItem = "- {name: c, type: client, org: o}\n";

/// `size` times the same character. Out of line: g++ 12 warns wrongly when it sees through this.
[[gnu::noinline]] inline std::string filled(size_t size, char c) { return std::string(size, c); }

/// A project of a server and a client, with more keys for the project, the server and the client ("key:
/// value").
inline std::string project_with(const std::string& project, const std::string& server = {},
                                const std::string& client = {}) {
  return "api_version: 3\nname: p\n" + (project.empty() ? "" : project + "\n") +
         "participants:\n- name: srv\n  type: server\n  org: o\n" +
         (server.empty() ? "" : "  " + server + "\n") + "- name: c\n  type: client\n  org: o\n" +
         (client.empty() ? "" : "  " + client + "\n");
}

inline ProjectReading read_text_as_project(const std::string& text) {
  return read_project_text("project.yml", text);
}

/// What was refused, "" when nothing was.
inline std::string errors_of(const std::string& text) {
  return read_text_as_project(text).diagnostics.print();
}

inline ResolvedProject resolved(const std::string& text) {
  const ProjectReading reading = read_text_as_project(text);
  EXPECT_TRUE(reading.project.has_value()) << reading.diagnostics.print();
  return reading.project ? resolve(*reading.project) : ResolvedProject{};
}

/// A directory that goes away with the test.
class ScratchDir {
 public:
  ScratchDir() {
    std::string pattern = testing::TempDir() + "config-XXXXXX";  // TempDir ends in a slash
    path_ = ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::string path_;
};

}  // namespace fairlead::config
