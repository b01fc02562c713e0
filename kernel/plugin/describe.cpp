#include "plugin/describe.hpp"

#include <array>
#include <utility>

#include "plugin/option_text.hpp"
#include "plugin/option_values.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

constexpr std::array<std::pair<uint32_t, const char*>, 9> kAbilities = {
    {{FAIRLEAD_CAP_STREAM, "stream"},
     {FAIRLEAD_CAP_MESSAGE, "message"},
     {FAIRLEAD_CAP_LISTEN, "listen"},
     {FAIRLEAD_CAP_CONNECT, "connect"},
     {FAIRLEAD_CAP_LISTEN_PER_LOOP, "listen_per_loop"},
     {FAIRLEAD_CAP_SECURE, "secure"},
     {FAIRLEAD_CAP_MUTUAL, "mutual"},
     {FAIRLEAD_CAP_CHANNEL_BINDING, "channel_binding"},
     {FAIRLEAD_CAP_REPORTS_LOSS, "reports_loss"}}};
/// In the order of FAIRLEAD_TEXT ...; validation has refused every other type.
constexpr std::array<const char*, 8> kTypes = {"",         "text", "int",  "bool",
                                               "duration", "size", "path", "secret"};

OptionDescription describe(const fairlead_option& option) {
  OptionDescription out;
  out.name = option.name;
  out.type = kTypes.at(option.type);
  out.help = printable(option.help);
  if (option.fallback != nullptr) out.default_text = printable(option.fallback);
  if (is_numeric(option.type) && option.type != FAIRLEAD_BOOL)
    out.range = number_text(option.type, option.min) + " to " + number_text(option.type, option.max);
  out.is_required = (option.flags & FAIRLEAD_OPT_REQUIRED) != 0;
  out.is_from_kit = is_reserved(option.name);
  out.is_from_site = (option.flags & FAIRLEAD_OPT_LOCAL) != 0;
  out.is_deprecated = (option.flags & FAIRLEAD_OPT_DEPRECATED) != 0;
  return out;
}

}  // namespace

Description describe(const Plugin& plugin) {
  Description out;
  out.vendor = printable(plugin.table->vendor);
  out.license = printable(plugin.table->license);
  for (const auto& [bit, word] : kAbilities)
    if ((plugin.table->caps & bit) != 0) out.abilities.emplace_back(word);
  for (const fairlead_option& option : plugin.options) out.options.push_back(describe(option));
  return out;
}

}  // namespace fairlead::plugin
