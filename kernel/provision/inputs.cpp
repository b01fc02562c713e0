#include "provision/inputs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <set>

#include "base/words.hpp"
#include "config/check.hpp"
#include "config/shipped_transports.hpp"
#include "crypto/digest.hpp"
#include "kit/defect.hpp"

namespace fairlead::provision {
namespace {

tl::unexpected<base::Error> bad(std::string text, std::string hint, std::string origin = {}) {
  return tl::unexpected<base::Error>(base::Error{
      base::ErrorCode::bad_configuration, std::move(text), std::move(hint), std::move(origin), {}});
}

base::Status check_directory_name(const char* what, const std::string& name) {
  if (!name.empty() && name != "." && name != ".." && name.size() <= 255 &&
      name.find('/') == std::string::npos && name.find('\0') == std::string::npos)
    return {};
  return bad(std::string(what) + " name \"" + name + "\" cannot be the name of a directory",
             "choose another name");
}

base::Result<std::string> digest_of(const PluginToAllow& plugin) {
  if (plugin.file.empty()) return std::string();
  std::ifstream file(plugin.file, std::ios::binary);
  crypto::Sha256Stream hash;
  std::array<char, 65536> buffer{};
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    hash.update(base::as_bytes({buffer.data(), static_cast<size_t>(file.gcount())}));
  if (!file.eof())
    return bad(
        "cannot read plugin " + plugin.id + " in " + plugin.file.string() + ": " + kit::errno_text(errno),
        "install Fairlead again");
  return base::hex(hash.digest());
}

}  // namespace

base::Status check_names(const config::ResolvedProject& project) {
  FAIRLEAD_TRY(check_directory_name("project", project.name));
  std::set<std::string> seen;
  for (const config::ResolvedParticipant& participant : project.participants) {
    FAIRLEAD_TRY(base::check_participant_name(participant.type, participant.name));
    FAIRLEAD_TRY(check_directory_name("participant", participant.name));
    if (!seen.insert(base::lower_case(participant.name)).second)
      return bad("two participants are named " + participant.name + " without regard to letter case",
                 "rename one of them");
  }
  return {};
}

base::Result<std::string> custom_ca_of(const config::ResolvedParticipant& participant) {
  if (!participant.custom_ca_cert || participant.type == base::ParticipantType::server) return std::string();
  auto pem = config::read_custom_ca(participant.custom_ca_file);
  if (!pem) {
    const std::string& at = participant.custom_ca_cert->at;
    return bad("custom_ca_cert of " + participant.name + ": " + pem.error().text, pem.error().hint,
               at.empty() ? at : at + ":1");
  }
  return pem;
}

std::vector<PluginToAllow> shipped_plugins() {
  std::vector<PluginToAllow> all;
  for (const kit::AllowedPlugin& one : config::shipped_plugins()) all.push_back({one.id, {}});
  return all;
}

base::Result<std::vector<kit::AllowedPlugin>> allowed_plugins(const std::vector<PluginToAllow>& plugins) {
  std::vector<kit::AllowedPlugin> allowed;
  for (const PluginToAllow& plugin : plugins) {
    const config::ShippedTransport* shipped = config::shipped_with_id(plugin.id);
    FAIRLEAD_TRY(std::string digest, digest_of(plugin));
    allowed.push_back(
        {plugin.id, config::kTransportAbi, std::move(digest), shipped != nullptr && shipped->trusted_link});
  }
  return allowed;
}

}  // namespace fairlead::provision
