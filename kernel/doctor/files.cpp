#include "doctor/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "kit/defect.hpp"

namespace fairlead::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kComponent = "files";

std::optional<FileFact> look_at(const fs::path& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return std::nullopt;
  const FileKind kind = S_ISDIR(facts.st_mode)       ? FileKind::folder
                        : path.extension() == ".key" ? FileKind::key
                                                     : FileKind::other;
  return FileFact{path, kind, facts.st_mode & 07777u, facts.st_uid};
}

/// The permission bits that nobody but the owner may have.
uint32_t forbidden(FileKind kind) noexcept { return kind == FileKind::key ? 077 : 022; }

std::optional<Row> judge_file(const FileFact& fact, uid_t user) {
  const std::string path = fact.path.string();
  if (fact.kind == FileKind::key && fact.owner != user)
    return failed(base::ErrorCode::bad_configuration, kComponent, path,
                  "private key belongs to user " + std::to_string(fact.owner) + ", this program runs as " +
                      std::to_string(user),
                  "run it as the user who owns the kit, or type: chown " + std::to_string(user) + " " + path);
  if ((fact.mode & forbidden(fact.kind)) == 0) return std::nullopt;
  const bool is_key = fact.kind == FileKind::key;
  return failed(base::ErrorCode::bad_configuration, kComponent, path,
                is_key ? "private key has mode " + kit::octal(fact.mode) + ", expected 0600"
                       : "mode " + kit::octal(fact.mode) + " lets others write here",
                (is_key ? "type: chmod 600 " : "type: chmod go-w ") + path);
}

}  // namespace

FileFacts look_at_files(const fs::path& kit) {
  FileFacts facts{.kit = kit, .user = ::geteuid()};
  if (!look_at(kit / "startup")) facts.error = "there is no folder startup/ in it";
  for (const char* folder : {"startup", "local", "state", "delegation"}) {
    std::error_code error;
    if (auto one = look_at(kit / folder)) facts.found.push_back(std::move(*one));
    for (const auto& entry : fs::directory_iterator(kit / folder, error))
      if (auto one = look_at(entry.path())) facts.found.push_back(std::move(*one));
    if (error && error != std::errc::no_such_file_or_directory)
      facts.error = "cannot list " + std::string(folder) + "/: " + error.message();
  }
  return facts;
}

Rows judge_files(const FileFacts& facts) {
  const std::string kit = facts.kit.string();
  if (!facts.error.empty())
    return {failed(base::ErrorCode::bad_configuration, kComponent, kit, facts.error,
                   "name the folder of a startup kit, such as WORKSPACE/PROJECT/prod_00/NAME, as a user who "
                   "may read it")};
  Rows rows;
  for (const FileFact& fact : facts.found)
    if (auto row = judge_file(fact, facts.user)) rows.push_back(std::move(*row));
  if (rows.empty())
    rows.push_back(
        ok(kComponent, kit, std::to_string(facts.found.size()) + " files and folders, modes good"));
  return rows;
}

Rows files_layer(Patient& patient) { return judge_files(look_at_files(patient.settings.kit)); }

}  // namespace fairlead::doctor
