/// From a project file to a checked Project, or to every error in it. Used by check, explain, resolve and
/// provision.
#pragma once
#include <optional>
#include <string>

#include "config/diagnostics.hpp"
#include "config/project.hpp"

namespace fairlead::config {

/// What came out of reading: a project when, and only when, there is no error.
struct ProjectReading {
  Diagnostics diagnostics;
  std::optional<Project> project;
};

/// Reads a file. Never blocks, never fails otherwise than by diagnostics. Opens no other file. Any thread.
ProjectReading read_project(const std::string& path);
/// The same for a text already in memory; `file` stands in messages and `at`.
ProjectReading read_project_text(std::string file, std::string text);

}  // namespace fairlead::config
