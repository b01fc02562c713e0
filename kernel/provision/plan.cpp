#include "provision/plan.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "kit/stored_settings.hpp"
#include "provision/curve.hpp"
#include "provision/inputs.hpp"
#include "provision/ledger.hpp"
#include "provision/profile.hpp"
#include "provision/revoke.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

bool same_plugins(const std::vector<kit::AllowedPlugin>& a, const std::vector<kit::AllowedPlugin>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.id == other.id && one.abi == other.abi && one.sha256 == other.sha256 &&
           one.trusted_link == other.trusted_link;
  });
}

/// Did anything change that stands in the certificate?
bool same_certificate_names(const PlannedKit& planned, const kit::Kit& prior) {
  const config::ResolvedParticipant& wanted = *planned.participant;
  const kit::KitSettings& had = prior.settings();
  if (wanted.role != had.role || wanted.org != had.org) return false;
  return wanted.type != base::ParticipantType::server ||
         (wanted.default_host.value == had.default_host && wanted.host_names.value == had.host_names);
}

/// Names of the top-level settings that differ, for the report.
std::string differing_settings(const base::Json& wanted, const base::Json& had) {
  std::string names;
  const auto note = [&](const std::string& name) { names += (names.empty() ? "" : ", ") + name; };
  for (const auto& [name, value] : wanted.members())
    if (value.dump() != had[name].dump()) note(name);
  for (const auto& [name, value] : had.members())
    if (wanted[name].is_null() && !value.is_null()) note(name);
  return names;
}

void add_reason(PlannedKit& planned, const std::string& reason) {
  if (reason.empty()) return;
  planned.change = KitChange::changed;
  planned.why += (planned.why.empty() ? "" : ", ") + reason;
}

bool is_revoked(const kit::Kit& prior, const Ledger& ledger) {
  const crypto::Certificate* token = prior.token_certificate();
  return ledger.is_revoked(prior.leaf()) || (token != nullptr && ledger.is_revoked(*token));
}

/// Fills change, why, new_certificate and new_keys of a participant that has a kit already.
void compare(PlannedKit& planned, const Ledger& ledger, const std::vector<kit::AllowedPlugin>& plugins,
             base::WallTime now) {
  const kit::Kit& prior = *planned.prior;
  planned.change = KitChange::kept;
  planned.new_keys = is_revoked(prior, ledger);
  planned.new_certificate =
      planned.new_keys || !same_certificate_names(planned, prior) || needs_renewal(prior, now);
  add_reason(planned, differing_settings(kit::without_positions(planned.settings),
                                         kit::without_positions(prior.stored_settings())));
  if (planned.custom_ca_pem != prior.custom_ca_pem().value_or(""))
    add_reason(planned, "custom_ca_cert content");
  if (!same_plugins(plugins, prior.settings().plugins)) add_reason(planned, "plugins");
  if (planned.participant->issuing_ca.value != (prior.issuer() != nullptr)) add_reason(planned, "issuing_ca");
  if (planned.new_keys)
    add_reason(planned, "certificate revoked: new key");
  else if (needs_renewal(prior, now))
    add_reason(planned, "certificate renewed");
}

/// Without an approved request there is nothing to make for a participant that keeps its keys: only what was
/// approved has a kit without any.
bool awaits_request(const PlannedKit& planned) {
  const bool approved = planned.prior && !planned.prior->has_keys() && !planned.new_keys;
  return planned.participant->key_custody.value == config::KeyCustody::site && !approved;
}

void warn_of_revoked(Plan& plan) {
  for (const PlannedKit& planned : plan.kits)
    if (planned.new_keys)
      plan.warnings.push_back(
          "the certificate of " + planned.participant->name +
          " is revoked: it gets a new key and certificate, and the kit it has stays refused");
}

void warn_of_removed(const config::ResolvedProject& project, const Workspace::Releases& releases,
                     const Ledger& ledger, Plan& plan) {
  for (const auto& [name, path] : releases.newest)
    if (project.find(name) == nullptr && !ledger.all_revoked(name))
      plan.warnings.push_back(name + " is no longer in the project, but its kit in " + path.string() +
                              " works until it is revoked");
}

/// What was issued and revoked so far. With kits there is a ledger: without it nobody knows what is revoked.
base::Result<Ledger> ledger_of(const Workspace& workspace, const crypto::Certificate* root,
                               const Workspace::Releases& releases) {
  FAIRLEAD_TRY(Ledger ledger, read_ledger(workspace.state()));
  if (root != nullptr) FAIRLEAD_TRY(check_ledger_is_whole(workspace.state(), *root, ledger));
  if (root == nullptr || releases.newest.empty() || !ledger.certificates.empty()) return ledger;
  return tl::unexpected(base::Error{
      base::ErrorCode::bad_configuration, "there are kits, but no ledger that says what was revoked",
      "restore the ledger from a backup", (workspace.state() / "ledger.jsonl").string() + ":1:1", "ledger"});
}

}  // namespace

base::Result<std::optional<kit::Kit>> open_prior(const std::filesystem::path& path,
                                                 const crypto::Certificate* root, const std::string& name,
                                                 base::ParticipantType type) {
  auto prior = kit::Kit::open_issued(path);
  if (!prior) {
    base::Error error = std::move(prior).error();
    error.text = "the current kit of " + name + " is damaged: " + error.text;
    error.hint =
        "restore it from a copy, or delete " + path.string() + " to have a new one with new keys made";
    return tl::unexpected(std::move(error));
  }
  if (root == nullptr || prior->root().der() != root->der())
    return tl::unexpected(base::Error{
        base::ErrorCode::bad_configuration, "the current kit of " + name + " was made under another root",
        "restore state/ from a backup, or use another workspace", path.string() + ":1:1", "kit_wrong_root"});
  if (prior->settings().type != type) return std::nullopt;
  return std::move(*prior);
}

size_t Plan::to_write() const noexcept {
  return static_cast<size_t>(std::count_if(
      kits.begin(), kits.end(), [](const PlannedKit& planned) { return is_written(planned.change); }));
}

base::Result<Plan> make_plan(const config::ResolvedProject& project, const ProvisionOptions& options,
                             const Workspace& workspace, const crypto::Certificate* root,
                             base::WallTime now) {
  FAIRLEAD_TRY(check_names(project));
  FAIRLEAD_TRY(const Workspace::Releases releases, workspace.releases());
  FAIRLEAD_TRY(const Ledger ledger, ledger_of(workspace, root, releases));
  Plan plan;
  plan.release = releases.next;
  FAIRLEAD_TRY(plan.plugins, allowed_plugins(options.plugins));
  for (const config::ResolvedParticipant& participant : project.participants) {
    PlannedKit planned;
    planned.participant = &participant;
    planned.settings = kit::stored_settings(project, participant);
    FAIRLEAD_TRY(planned.custom_ca_pem, custom_ca_of(participant));
    if (const auto found = releases.newest.find(participant.name); found != releases.newest.end()) {
      FAIRLEAD_TRY(planned.prior, open_prior(found->second, root, participant.name, participant.type));
      if (planned.prior) compare(planned, ledger, plan.plugins, now);
    }
    if (awaits_request(planned)) planned.change = KitChange::awaits_request;
    plan.kits.push_back(std::move(planned));
  }
  FAIRLEAD_TRY(plan_curve(plan));
  warn_of_revoked(plan);
  warn_of_removed(project, releases, ledger, plan);
  return plan;
}

}  // namespace fairlead::provision
