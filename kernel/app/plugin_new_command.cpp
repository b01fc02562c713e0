#include "app/plugin_new_command.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <tuple>

#include "kit/durable.hpp"

namespace fairlead::app {
namespace {

namespace fs = std::filesystem;

/// How the template's own files and texts call the transport, as a file and as a scheme.
constexpr std::string_view kFileName = "my_link", kScheme = "my-link";
constexpr size_t kLongestName = 32;  // of a scheme
/// Schemes that Fairlead's own transports have, and those that mean tcp in a project file.
constexpr std::array<std::string_view, 7> kTaken = {"tcp", "zmq", "unix", "exec", "grpc", "stcp", "http"};

struct Names {
  std::string file, scheme;
};

bool is_separator(char c) noexcept { return c == '-' || c == '_'; }

/// Lower-case words of letters and digits with single dashes or underscores between them.
bool is_well_formed(std::string_view name) noexcept {
  const auto is_fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  char before = '-';
  for (const char c : name) {
    if (!is_fine(c) && (!is_separator(c) || is_separator(before))) return false;
    before = c;
  }
  return !name.empty() && name.size() <= kLongestName && name[0] >= 'a' && !is_separator(before);
}

base::Result<Names> names_of(const std::string& name) {
  if (!is_well_formed(name))
    return base::fail(base::ErrorCode::bad_arguments, "\"" + name + "\" cannot be the name of a transport",
                      "use up to 32 lower-case letters and digits, a letter first, single dashes or "
                      "underscores between them");
  Names names{name, name};
  std::ranges::replace(names.file, '-', '_');
  std::ranges::replace(names.scheme, '_', '-');
  if (std::ranges::find(kTaken, names.scheme) != kTaken.end())
    return base::fail(base::ErrorCode::bad_arguments, "the scheme " + names.scheme + " is taken",
                      "choose another name; taken are tcp, zmq, unix, exec, grpc, stcp and http");
  return names;
}

/// PREFIX/share/fairlead/template of the running program.
base::Result<fs::path> template_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  fs::path folder = program.parent_path().parent_path() / "share" / "fairlead" / "template";
  if (fs::is_directory(folder, error)) return folder;
  return base::fail(base::ErrorCode::failed, "there is no template at " + folder.string(),
                    "install the package fairlead-dev, or run cmake --install again");
}

std::string replaced(std::string text, std::string_view from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string renamed(std::string text, const Names& names) {
  return replaced(replaced(std::move(text), kFileName, names.file), kScheme, names.scheme);
}

base::Status copy_file(const fs::path& from, const fs::path& to, const Names& names) {
  std::ifstream file(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return base::fail(base::ErrorCode::failed, "cannot read " + from.string(), "install it again");
  std::error_code error;
  const bool runs = (fs::status(from, error).permissions() & fs::perms::owner_exec) != fs::perms::none;
  return kit::write_new_file(to, base::as_bytes(renamed(text, names)), runs ? 0755 : kit::kFileMode);
}

base::Status copy_folder(const fs::path& from, const fs::path& to, const Names& names) {
  std::error_code error;
  fs::create_directory(to, error);
  if (error)
    return base::fail(base::ErrorCode::failed, "cannot make " + to.string() + ": " + error.message(),
                      "check that the directory exists and is writable");
  for (const auto& entry : fs::directory_iterator(from, error)) {
    const fs::path target = to / renamed(entry.path().filename().string(), names);
    FAIRLEAD_TRY(entry.is_directory(error) ? copy_folder(entry.path(), target, names)
                                           : copy_file(entry.path(), target, names));
  }
  if (error) return base::fail(base::ErrorCode::failed, "cannot read " + from.string(), "install it again");
  return {};
}

/// Beside the folder that it becomes, so that nobody ever sees half of it there.
base::Status make_project(const fs::path& folder, const Names& names) {
  FAIRLEAD_TRY(const fs::path from, template_folder());
  const fs::path beside = folder.parent_path() / ("." + folder.filename().string() + ".new");
  FAIRLEAD_TRY(kit::remove_tree(beside));
  base::Status made = copy_folder(from, beside, names);
  if (made) made = kit::rename_to_new(beside, folder);
  if (!made) std::ignore = kit::remove_tree(beside);
  return made;
}

base::Result<fs::path> wanted_folder(const PluginNewArguments& arguments) {
  fs::path folder = arguments.folder.empty() ? arguments.name : arguments.folder;
  if (!folder.has_filename()) folder = folder.parent_path();  // "here/" is "here"
  std::error_code error;
  if (!fs::exists(fs::symlink_status(folder, error))) return folder;
  return base::fail(base::ErrorCode::refused,
                    "cannot make " + folder.string() + ": it exists, and is left as it is",
                    "name another folder with -o, or remove this one");
}

base::Result<base::Json> make(const PluginNewArguments& arguments) {
  FAIRLEAD_TRY(const Names names, names_of(arguments.name));
  FAIRLEAD_TRY(const fs::path folder, wanted_folder(arguments));
  FAIRLEAD_TRY(make_project(folder, names));
  return base::Json::object(
      {{"folder", folder.string()}, {"scheme", names.scheme}, {"file", names.file + ".so"}});
}

}  // namespace

int run_plugin_new(const PluginNewArguments& arguments, const Output& output) {
  base::Result<base::Json> made = make(arguments);
  if (!made.has_value()) return report(made.error(), output);
  output.err << "made " << (*made)["folder"].text() << ", a transport with the scheme "
             << (*made)["scheme"].text() << "; its README.md says how to build, check and use it"
             << std::endl;
  return succeed(std::move(*made), output);
}

}  // namespace fairlead::app
