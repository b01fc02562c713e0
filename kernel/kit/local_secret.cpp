#include "kit/local_secret.hpp"

#include <algorithm>
#include <system_error>

#include "base/names.hpp"
#include "kit/defect.hpp"
#include "kit/folder.hpp"

namespace fairlead::kit {
namespace {

constexpr size_t kMostBytes = 1024;

bool is_control(uint8_t byte) noexcept { return byte < 0x20 || byte == 0x7f; }

/// Size of the line without its end, nothing when there is more than one or a control character in it.
std::optional<size_t> line_size(base::ByteView content) noexcept {
  if (content.size() > kMostBytes) return std::nullopt;
  const auto end = std::find(content.begin(), content.end(), '\n');
  auto size = static_cast<size_t>(end - content.begin());
  if (size + 1 < content.size()) return std::nullopt;
  if (size > 0 && content[size - 1] == '\r') --size;
  const base::ByteView line = content.first(size);
  return std::any_of(line.begin(), line.end(), is_control) ? std::nullopt : std::optional(size);
}

/// "user:password", or the lone ':'.
bool is_login(base::ByteView line) noexcept {
  const auto colon = std::find(line.begin(), line.end(), ':');
  return colon != line.end() && (colon != line.begin() || line.size() == 1);
}

}  // namespace

base::Result<base::Secret> read_proxy_secret(const Kit& kit, const std::string& name) {
  const std::filesystem::path path = kit.path() / "local" / "secrets", file = path / name;
  if (name.starts_with('.') || !base::check_participant_name(base::ParticipantType::server, name))
    return defect("kit_secret", path, "this is not the name of a secret",
                  "use letters, digits, dot, underscore and dash");
  const std::string make_it = "type: install -d -m 700 " + path.string() + " && (umask 077; cat >" +
                              file.string() + ") and then user:password, Enter, Control-D";
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
    return defect("kit_secret", file, "the proxy's credentials are missing", make_it);
  FAIRLEAD_TRY(const Folder folder, Folder::open_private(path));
  FAIRLEAD_TRY(const base::Secret content, folder.read_key(name, "secret"));
  const auto size = line_size(content.expose());
  if (!size || !is_login(content.expose().first(*size)))
    return defect("kit_secret", file,
                  "this is not one line user:password of at most " + std::to_string(kMostBytes) + " bytes",
                  make_it);
  return base::Secret(content.expose().first(*size));
}

}  // namespace fairlead::kit
