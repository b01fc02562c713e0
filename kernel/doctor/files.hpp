/// Layer "files": modes and owners in a kit's folder.
#pragma once
#include <sys/types.h>

#include <filesystem>

#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// What a file of a kit is to the rules.
enum class FileKind {
  folder,  ///< others may not write there
  key,     ///< nobody else may read it
  other    ///< others may not write it
};

struct FileFact {
  std::filesystem::path path;
  FileKind kind = FileKind::other;
  uint32_t mode = 0;  ///< permission bits
  uid_t owner = 0;
};

struct FileFacts {
  std::filesystem::path kit;
  std::vector<FileFact> found{};
  uid_t user = 0;       ///< who runs this program
  std::string error{};  ///< why nothing could be looked at; empty otherwise
};

/// Reads the metadata of startup/, local/ and state/, never the content.
FileFacts look_at_files(const std::filesystem::path& kit);
/// One row for each file that is not as it must be, or one that says that all are. Pure.
Rows judge_files(const FileFacts& facts);
Rows files_layer(Patient& patient);

}  // namespace fairlead::doctor
