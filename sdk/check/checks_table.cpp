// Checks 6 to 9: the table that the plugin exports, and the options in it.
#include <algorithm>
#include <set>
#include <string_view>

#include "checks.hpp"
#include "option_text.hpp"
#include "text.hpp"

namespace fairlead::check {
namespace {

constexpr size_t kMaxSchemes = 16;

bool is_lower_word(std::string_view word, std::string_view more) {
  const auto is_fine = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  };
  return !word.empty() && word[0] >= 'a' && word[0] <= 'z' && std::all_of(word.begin(), word.end(), is_fine);
}

void demand_text(const char* text, const char* field) {
  demand(text != nullptr && *text != '\0', std::string(field) + " is missing or empty");
  demand(is_utf8(text), std::string(field) + " is not UTF-8");
  demand(printable(text) == text, std::string(field) + " has control characters or more than 300 bytes");
}

bool is_number(std::string_view part) {
  const bool digits = !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  return digits && (part.size() == 1 || part[0] != '0');
}

/// semver.org, item 2: three numbers, then perhaps -pre-release and +build.
bool is_semver(std::string_view version) {
  const std::string_view core = version.substr(0, version.find_first_of("-+"));
  const size_t first = core.find('.');
  const size_t second = first == std::string_view::npos ? first : core.find('.', first + 1);
  return second != std::string_view::npos && is_number(core.substr(0, first)) &&
         is_number(core.substr(first + 1, second - first - 1)) && is_number(core.substr(second + 1));
}

void demand_schemes(const fairlead_transport& table) {
  demand(table.schemes != nullptr && table.schemes[0] != nullptr, "it has no schemes");
  std::set<std::string_view> seen;
  for (const char* const* at = table.schemes; *at != nullptr; ++at) {
    const std::string scheme = printable(*at);
    demand(is_lower_word(*at, "+-.") && std::string_view(*at).size() <= 32,
           "scheme \"" + scheme + "\" is not lower case letters, digits, + - and . (32 at most)");
    demand(seen.insert(*at).second, "scheme \"" + scheme + "\" is there twice");
    demand(seen.size() <= kMaxSchemes, "it has more than 16 schemes");
  }
}

std::string named(const fairlead_option& option) { return "option " + printable(option.name); }

void demand_fallback(const fairlead_option& option) {
  if (option.fallback == nullptr) return;
  demand(is_utf8(option.fallback), named(option) + ": its fallback is not UTF-8");
  demand(option.type != FAIRLEAD_SECRET || *option.fallback == '\0',
         named(option) + " is a secret with a fallback");
  if (!is_numeric(option.type)) return;
  const std::string found = named(option) + ": its fallback \"" + printable(option.fallback) + "\" ";
  const auto number = parse_number(option.type, option.fallback);
  demand(number.has_value(), found + "is not of its type");
  demand(option.type == FAIRLEAD_BOOL || (*number >= option.min && *number <= option.max),
         found + "lies outside of " + std::to_string(option.min) + " to " + std::to_string(option.max));
}

void demand_option(const fairlead_option& option) {
  demand(is_lower_word(option.name, "_"), named(option) + " is not named in lower_snake");
  demand(option.type >= FAIRLEAD_TEXT && option.type <= FAIRLEAD_SECRET,
         named(option) + " has an unknown type");
  demand(option.help != nullptr && *option.help != '\0', named(option) + " has no help text");
  demand(is_utf8(option.help), named(option) + ": its help text is not UTF-8");
  demand(option.type != FAIRLEAD_SECRET || (option.flags & FAIRLEAD_OPT_SENSITIVE) != 0,
         named(option) + " is a secret that is not flagged sensitive");
  demand(!is_numeric(option.type) || option.type == FAIRLEAD_BOOL || option.min <= option.max,
         named(option) + ": its smallest value is above its largest");
  demand_fallback(option);
}

}  // namespace

Verdict table_header(Context& context) {
  const fairlead_transport& table = context.table();
  demand(table.magic == FAIRLEAD_TRANSPORT_MAGIC, "it does not begin with the magic number");
  demand(table.abi_major == FAIRLEAD_ABI_MAJOR, "abi_major is " + std::to_string(table.abi_major) +
                                                    ", expected " + std::to_string(FAIRLEAD_ABI_MAJOR));
  demand(table.struct_size >= sizeof(fairlead_transport),
         "struct_size is " + std::to_string(table.struct_size) + ", expected at least " +
             std::to_string(sizeof(fairlead_transport)));
  demand(table.needs_host_minor <= FAIRLEAD_ABI_MINOR,
         "it needs minor " + std::to_string(table.needs_host_minor) + " of the interface, this kit has " +
             std::to_string(FAIRLEAD_ABI_MINOR));
  demand(table.needs_host_minor <= table.abi_minor, "it needs a newer minor than the one it was built with");
  demand(table.reserved == 0 && table.reserved2 == 0, "a reserved field is not zero");
  return {};
}

Verdict table_slots(Context& context) {
  const fairlead_transport& table = context.table();
  const bool listens = context.can(FAIRLEAD_CAP_LISTEN), connects = context.can(FAIRLEAD_CAP_CONNECT);
  demand(context.can(FAIRLEAD_CAP_STREAM) != context.can(FAIRLEAD_CAP_MESSAGE),
         "it must claim exactly one of STREAM and MESSAGE");
  demand(listens || connects, "it can neither listen nor connect");
  demand(!context.can(FAIRLEAD_CAP_MUTUAL) || context.can(FAIRLEAD_CAP_SECURE),
         "it claims MUTUAL without SECURE");
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
    demand(slot.is_there || !slot.is_needed, std::string("slot ") + slot.name + " is NULL");
  return {};
}

Verdict table_text(Context& context) {
  const fairlead_transport& table = context.table();
  demand_text(table.id, "id");
  demand(is_lower_word(table.id, ".-_") && std::string_view(table.id).find('.') != std::string_view::npos &&
             std::string_view(table.id).size() <= 128,
         "id \"" + printable(table.id) + "\" is not a reverse domain name such as org.example.unix");
  demand_text(table.version, "version");
  demand(is_semver(table.version), "version \"" + printable(table.version) + "\" is not of the form 1.2.3");
  demand_text(table.vendor, "vendor");
  demand_text(table.license, "license");
  demand_text(table.summary, "summary");
  demand_schemes(table);
  return {};
}

Verdict options_self_consistent(Context& context) {
  constexpr size_t kMaxOptions = 256;
  const fairlead_transport& table = context.table();
  if (table.options == nullptr) return {State::pass, "it has no options"};
  demand(table.option_size >= sizeof(fairlead_option) && table.option_size % alignof(fairlead_option) == 0,
         "option_size is " + std::to_string(table.option_size) + ", expected " +
             std::to_string(sizeof(fairlead_option)) + " or more");
  const auto options = options_of(table, kMaxOptions + 1);
  demand(options.size() <= kMaxOptions, "it declares more than 256 options");
  std::set<std::string_view> seen;
  for (const fairlead_option& option : options) {
    demand_option(option);
    demand(seen.insert(option.name).second, named(option) + " is declared twice");
  }
  return {};
}

}  // namespace fairlead::check
