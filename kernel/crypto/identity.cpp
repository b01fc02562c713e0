#include <strings.h>

#include <optional>

#include "crypto/chain.hpp"

namespace fairlead::crypto {
namespace {

using base::Checked;
using base::ParticipantType;
using base::Refusal;

constexpr std::string_view kScheme = "fairlead://";
constexpr std::string_view kTokenSegment = "token";

/// A scheme in other letter case counts as ours, so that it cannot hide beside the real one; it parses as
/// nothing.
bool claims_our_scheme(const std::string& uri) noexcept {
  return uri.size() >= kScheme.size() && ::strncasecmp(uri.data(), kScheme.data(), kScheme.size()) == 0;
}

std::optional<std::string> only_identity_uri(const Certificate& leaf) {
  std::optional<std::string> found;
  for (std::string& uri : leaf.uri_names()) {
    if (!claims_our_scheme(uri)) continue;
    if (found) return std::nullopt;
    found = std::move(uri);
  }
  return found;
}

/// Takes everything up to the next '/' off the front; nothing when there is none.
std::optional<std::string_view> take_segment(std::string_view& rest) noexcept {
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  return segment;
}

/// Project names follow the rule of server names: 1-255 of [A-Za-z0-9._-].
bool is_project_name(std::string_view text) {
  return base::check_participant_name(ParticipantType::server, text).has_value();
}

std::optional<Identity> parse(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return std::nullopt;
  std::string_view rest = uri.substr(kScheme.size());
  const auto project = take_segment(rest);
  const auto kind = take_segment(rest);
  if (!project || !kind || !is_project_name(*project)) return std::nullopt;
  const bool token_signer = *kind == kTokenSegment;
  const auto type = token_signer ? base::Result<ParticipantType>(ParticipantType::server)
                                 : base::parse_participant_type(*kind);
  if (!type || !base::check_participant_name(*type, rest)) return std::nullopt;
  return Identity{std::string(*project), *type, std::string(rest), {}, {}, token_signer};
}

}  // namespace

Checked<Identity> identity_of(const Certificate& leaf) {
  const auto uri = only_identity_uri(leaf);
  auto identity = uri ? parse(*uri) : std::nullopt;
  if (!identity) return tl::unexpected(Refusal::wrong_identity);
  identity->org = leaf.organization();
  if (identity->type == ParticipantType::admin) identity->role = leaf.unstructured_name();
  return std::move(*identity);
}

std::string identity_uri(std::string_view project, ParticipantType type, std::string_view name) {
  return root_uri(project) + "/" + base::name(type) + "/" + std::string(name);
}

std::string token_signer_uri(std::string_view project, std::string_view server) {
  return root_uri(project) + "/" + std::string(kTokenSegment) + "/" + std::string(server);
}

std::string issuer_uri(std::string_view project, std::string_view server) {
  return root_uri(project) + "/issuer/" + std::string(server);
}

std::string root_uri(std::string_view project) { return std::string(kScheme) + std::string(project); }

}  // namespace fairlead::crypto
