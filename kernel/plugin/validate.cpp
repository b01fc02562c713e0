#include "plugin/validate.hpp"

#include <algorithm>
#include <set>

#include "plugin/host_table.hpp"
#include "plugin/option_text.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

using Verdict = tl::unexpected<base::Error>;

/// What version 1.0 of the interface ended with; plugins of that time are shorter than today's header.
constexpr size_t kFirstTable =
    offsetof(fairlead_transport, extension) + sizeof(fairlead_transport::extension);
constexpr size_t kFirstOption = offsetof(fairlead_option, max) + sizeof(fairlead_option::max);

bool is_lower_word(std::string_view word, std::string_view more) noexcept {
  const auto is_fine = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  };
  return !word.empty() && word[0] >= 'a' && word[0] <= 'z' && std::all_of(word.begin(), word.end(), is_fine);
}

Verdict bad(const std::string& plugin, const std::string& what) {
  return refuse(LoadRefusal::bad_descriptor, "plugin " + plugin + " describes itself wrongly: " + what,
                "ask its author; fairlead-plugin-check names every fault");
}

base::Status check_header(const std::string& plugin, const fairlead_transport& table) {
  if (table.magic != FAIRLEAD_TRANSPORT_MAGIC)
    return refuse(LoadRefusal::bad_magic,
                  "plugin " + plugin + ": its table does not begin with the magic number",
                  "check that it was built with fairlead/transport.h");
  if (table.abi_major != FAIRLEAD_ABI_MAJOR)
    return refuse(LoadRefusal::other_major,
                  "plugin " + plugin + " has interface major " + std::to_string(table.abi_major) +
                      ", expected " + std::to_string(FAIRLEAD_ABI_MAJOR),
                  "install the plugin built for this version of Fairlead");
  if (table.struct_size < kFirstTable)
    return refuse(LoadRefusal::short_table,
                  "plugin " + plugin + ": its table has " + std::to_string(table.struct_size) +
                      " bytes, expected at least " + std::to_string(kFirstTable),
                  "rebuild it with a released fairlead/transport.h");
  if (table.needs_host_minor > FAIRLEAD_ABI_MINOR)
    return refuse(LoadRefusal::needs_newer_kernel,
                  "plugin " + plugin + " needs interface " + std::to_string(FAIRLEAD_ABI_MAJOR) + "." +
                      std::to_string(table.needs_host_minor) + ", this program has " +
                      std::to_string(FAIRLEAD_ABI_MAJOR) + "." + std::to_string(FAIRLEAD_ABI_MINOR),
                  "update Fairlead, or install an older plugin");
  return {};
}

base::Status check_slots(const std::string& plugin, const fairlead_transport& table) {
  const bool listens = (table.caps & FAIRLEAD_CAP_LISTEN) != 0;
  const bool connects = (table.caps & FAIRLEAD_CAP_CONNECT) != 0;
  const struct {
    const char* name;
    bool is_there, is_needed;
  } slots[] = {{"create", table.create != nullptr, true},
               {"destroy", table.destroy != nullptr, true},
               {"listen", table.listen != nullptr, listens},
               {"listener_address", table.listener_address != nullptr, listens},
               {"listener_close", table.listener_close != nullptr, listens},
               {"connect", table.connect != nullptr, connects},
               {"send", table.send != nullptr, true},
               {"set_reading", table.set_reading != nullptr, true},
               {"close", table.close != nullptr, true},
               {"peer", table.peer != nullptr, true},
               {"release", table.release != nullptr, true}};
  for (const auto& slot : slots)
    if (slot.is_needed && !slot.is_there)
      return refuse(LoadRefusal::missing_slot, "plugin " + plugin + " lacks the function " + slot.name,
                    "ask its author for a complete one");
  return {};
}

base::Status check_caps(const std::string& plugin, uint32_t caps) {
  const bool is_stream = (caps & FAIRLEAD_CAP_STREAM) != 0, is_message = (caps & FAIRLEAD_CAP_MESSAGE) != 0;
  if (is_stream == is_message) return bad(plugin, "it must be either a stream or a message transport");
  if ((caps & (FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT)) == 0)
    return bad(plugin, "it can neither listen nor connect");
  if ((caps & FAIRLEAD_CAP_MUTUAL) != 0 && (caps & FAIRLEAD_CAP_SECURE) == 0)
    return bad(plugin, "mutual without secure");
  return {};
}

base::Status check_texts(const std::string& plugin, const fairlead_transport& table) {
  if (table.id == nullptr || !is_lower_word(table.id, ".-_") ||
      std::string_view(table.id).find('.') == std::string_view::npos ||
      std::string_view(table.id).size() > 128)
    return bad(plugin, "its id is not a reverse domain name");
  for (const char* text : {table.version, table.vendor, table.license, table.summary})
    if (text == nullptr || printable(text) != text)
      return bad(plugin, "version, vendor, license or summary is missing or not a plain text");
  const std::string_view version = table.version;
  if (std::count(version.begin(), version.end(), '.') < 2 || version[0] < '0' || version[0] > '9')
    return bad(plugin, "its version is not of the form 1.2.3");
  if (*table.license == '\0') return bad(plugin, "its license is empty");
  return {};
}

base::Status check_schemes(const std::string& plugin, const fairlead_transport& table) {
  const std::vector<std::string> schemes = schemes_of(table);
  if (schemes.empty() || schemes.size() > kMaxSchemes) return bad(plugin, "it has no schemes, or too many");
  std::set<std::string_view> seen;
  for (const std::string& scheme : schemes)
    if (!is_lower_word(scheme, "+-.") || scheme.size() > 32 || !seen.insert(scheme).second)
      return bad(plugin, "scheme \"" + printable(scheme) + "\" is not lower case or not unique");
  return {};
}

base::Status check_option(const std::string& plugin, const fairlead_option& option) {
  const std::string named = "option " + printable(option.name);
  if (!is_lower_word(option.name, "_")) return bad(plugin, named + " is not named in lower case");
  if (option.type < FAIRLEAD_TEXT || option.type > FAIRLEAD_SECRET)
    return bad(plugin, named + " has an unknown type");
  if (option.help == nullptr || *option.help == '\0') return bad(plugin, named + " has no help text");
  if (option.type == FAIRLEAD_SECRET && option.fallback != nullptr && *option.fallback != '\0')
    return bad(plugin, named + " is a secret with a default");
  if (option.fallback == nullptr || !is_numeric(option.type)) return {};
  const auto number = parse_number(option, option.fallback);
  if (!number) return bad(plugin, "default of " + number.error().text);
  return {};
}

base::Status check_options(const std::string& plugin, const fairlead_transport& table) {
  if (table.options == nullptr) return {};
  if (table.option_size < kFirstOption || table.option_size % alignof(fairlead_option) != 0)
    return bad(plugin, "the stride of its options is " + std::to_string(table.option_size) + ", expected " +
                           std::to_string(kFirstOption) + " or more");
  const auto options = copy_options(table, kMaxOptions + 1);
  if (options.size() > kMaxOptions) return bad(plugin, "it declares too many options");
  std::set<std::string_view> seen;
  for (const fairlead_option& option : options) {
    FAIRLEAD_TRY(check_option(plugin, option));
    if (!seen.insert(option.name).second)
      return bad(plugin, "option " + std::string(option.name) + " is declared twice");
  }
  return {};
}

}  // namespace

base::Status validate(const std::string& plugin, const fairlead_transport& table) {
  FAIRLEAD_TRY(check_header(plugin, table));
  FAIRLEAD_TRY(check_slots(plugin, table));
  FAIRLEAD_TRY(check_caps(plugin, table.caps));
  FAIRLEAD_TRY(check_texts(plugin, table));
  FAIRLEAD_TRY(check_schemes(plugin, table));
  return check_options(plugin, table);
}

std::vector<std::string> schemes_of(const fairlead_transport& table) {
  std::vector<std::string> schemes;
  for (const char* const* at = table.schemes;
       at != nullptr && *at != nullptr && schemes.size() <= kMaxSchemes; ++at)
    schemes.emplace_back(*at);
  return schemes;
}

}  // namespace fairlead::plugin
