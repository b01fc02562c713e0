#include "plugin/option_values.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "config/nearest.hpp"
#include "plugin/option_text.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

using base::ErrorCode;

constexpr std::array<std::string_view, 11> kReserved = {"security",  "ca",          "chain",
                                                        "key",       "server_name", "peer_name",
                                                        "alpn",      "crl",         "legacy_certificates",
                                                        "curve_key", "server_curve"};
constexpr size_t kMaxSecret = 64 << 10;

/// What the kernel puts into a reserved option; empty: nothing. The keys are no texts.
std::string reserved_text(std::string_view option, const LinkCredentials& credentials) {
  if (option == "security") return name(credentials.security);
  if (option == "server_curve") return base::hex(credentials.server_curve);
  if (option == "ca") return credentials.ca_pem;
  if (option == "chain") return credentials.chain_pem;
  if (option == "server_name") return credentials.server_name;
  if (option == "peer_name") return credentials.peer_name;
  if (option == "alpn") return credentials.alpn;
  if (option == "crl") return credentials.crl_pem;
  if (option == "legacy_certificates" && credentials.legacy == crypto::LegacyRules::yes) return "true";
  return {};
}

const base::Secret* reserved_key(std::string_view option, const LinkCredentials& credentials) noexcept {
  if (option == "key") return credentials.key_pem;
  return option == "curve_key" ? credentials.curve_key : nullptr;
}

std::string named(std::string_view plugin, std::string_view option) {
  return "plugin " + std::string(plugin) + ", option " + std::string(option);
}

base::Status check_name(std::string_view plugin, std::span<const fairlead_option> declared,
                        std::string_view typed) {
  if (is_reserved(typed))
    return base::fail(ErrorCode::bad_configuration, named(plugin, typed) + ": comes from the kit",
                      "remove it from the transport's options");
  std::vector<std::string_view> known;
  for (const fairlead_option& option : declared)
    if (!is_reserved(option.name)) known.emplace_back(option.name);
  if (std::find(known.begin(), known.end(), typed) != known.end()) return {};
  const auto meant = config::nearest(typed, known);
  return base::fail(ErrorCode::bad_configuration, named(plugin, typed) + ": there is no such option",
                    meant ? "did you mean " + std::string(*meant) + "?" : "");
}

base::Status check_names(std::string_view plugin, std::span<const fairlead_option> declared,
                         const OptionTexts& texts) {
  for (size_t i = 0; i < texts.size(); ++i) {
    FAIRLEAD_TRY(check_name(plugin, declared, texts[i].first));
    for (size_t k = 0; k < i; ++k)
      if (texts[k].first == texts[i].first)
        return base::fail(ErrorCode::bad_configuration, named(plugin, texts[i].first) + ": set twice");
  }
  return {};
}

/// Nothing when neither kernel nor configuration nor the plugin itself says something.
std::optional<std::string> text_for(const fairlead_option& option, const LinkCredentials& credentials,
                                    const OptionTexts& texts) {
  if (is_reserved(option.name)) {
    std::string given = reserved_text(option.name, credentials);
    if (!given.empty()) return given;
  }
  for (const auto& [name, value] : texts)
    if (name == option.name) return value;
  if (option.fallback != nullptr) return option.fallback;
  return std::nullopt;
}

}  // namespace

bool is_reserved(std::string_view option) noexcept {
  return std::find(kReserved.begin(), kReserved.end(), option) != kReserved.end();
}

base::Status check_option(std::string_view plugin, std::span<const fairlead_option> declared,
                          std::string_view option, std::string_view text) {
  FAIRLEAD_TRY(check_name(plugin, declared, option));
  for (const fairlead_option& one : declared) {
    if (one.name != option) continue;
    if ((one.flags & FAIRLEAD_OPT_LOCAL) != 0)
      return base::fail(ErrorCode::bad_configuration,
                        named(plugin, option) + ": only the site itself may set it",
                        "set it in local/fairlead.yml of the site's kit");
    if (is_numeric(one.type)) FAIRLEAD_TRY(parse_number(one, text));
  }
  return {};
}

base::Result<OptionValues> OptionValues::read(std::string_view plugin,
                                              std::span<const fairlead_option> declared,
                                              const LinkCredentials& credentials, const OptionTexts& texts) {
  FAIRLEAD_TRY(check_names(plugin, declared, texts));
  OptionValues values;
  for (const fairlead_option& option : declared) {
    if (const base::Secret* key = reserved_key(option.name, credentials); key != nullptr) {
      values.keys_.emplace_back(option.name, key);
      FAIRLEAD_TRY(values.add(option, option.name));
      continue;
    }
    const auto text = text_for(option, credentials, texts);
    if (text) {
      FAIRLEAD_TRY(option.type == FAIRLEAD_SECRET ? values.add_secret(option, *text)
                                                  : values.add(option, *text));
    } else if ((option.flags & FAIRLEAD_OPT_REQUIRED) != 0) {
      return base::fail(ErrorCode::bad_configuration, named(plugin, option.name) + ": required but not set",
                        is_reserved(option.name) ? "the kit or the connection level does not give it"
                                                 : "set it in the transport's options");
    }
  }
  return values;
}

base::Status OptionValues::add(const fairlead_option& option, std::string_view text) {
  fairlead_value value{};
  value.name = option.name;
  value.type = option.type;
  if (is_numeric(option.type)) {
    FAIRLEAD_TRY(value.number, parse_number(option, text));
  } else {
    value.text = plugin::text(texts_.emplace_back(text));
  }
  values_.push_back(value);
  return {};
}

/// A secret option of a plugin's own names the file that holds it. An empty name: no secret.
base::Status OptionValues::add_secret(const fairlead_option& option, std::string_view file) {
  if (file.empty()) return {};
  std::ifstream stream(std::string(file), std::ios::binary);
  base::Secret whole(kMaxSecret + 1);
  size_t size = 0;
  for (char byte = 0; size <= kMaxSecret && stream.get(byte);)
    whole.expose_mutable()[size++] = static_cast<uint8_t>(byte);
  if (!stream.eof() || size > kMaxSecret)
    return base::fail(ErrorCode::bad_configuration,
                      "option " + std::string(option.name) + ": the secret's file cannot be read",
                      "name a readable file of at most 64 KiB");
  secrets_.emplace_back(option.name, base::Secret(whole.expose().first(size)));
  return add(option, option.name);
}

fairlead_config OptionValues::config() const noexcept {
  return {sizeof(fairlead_config), static_cast<uint32_t>(values_.size()), sizeof(fairlead_value), 0,
          values_.data()};
}

std::optional<base::ByteView> OptionValues::secret(std::string_view name) const noexcept {
  for (const auto& [option, key] : keys_)
    if (option == name) return key->expose();
  for (const auto& [option, bytes] : secrets_)
    if (option == name) return bytes.expose();
  return std::nullopt;
}

}  // namespace fairlead::plugin
