#include "provision/curve.hpp"

#include <algorithm>

namespace fairlead::provision {
namespace {

bool is_server(const PlannedKit& planned) {
  return planned.participant->type == base::ParticipantType::server;
}

/// The pair that goes on, or null.
const kit::OwnCurve* kept(const PlannedKit& planned) {
  return planned.prior && !planned.new_keys ? planned.prior->curve() : nullptr;
}

base::Result<kit::OwnCurve> pair_for(const PlannedKit& planned) {
  if (const kit::OwnCurve* own = kept(planned); own != nullptr)
    return kit::OwnCurve{own->public_key, base::Secret(own->secret.expose())};
  FAIRLEAD_TRY(crypto::CurvePair made, crypto::make_curve_pair());
  return kit::OwnCurve{made.public_key, std::move(made.secret)};
}

void add_reason(PlannedKit& planned, const char* reason) {
  if (planned.change == KitChange::created || planned.change == KitChange::awaits_request) return;
  planned.change = KitChange::changed;
  planned.why += (planned.why.empty() ? "" : ", ") + std::string(reason);
}

base::Status check_custody(const PlannedKit& planned) {
  if (planned.participant->key_custody.value != config::KeyCustody::site) return {};
  return base::fail(base::ErrorCode::bad_configuration,
                    planned.participant->name +
                        " has a zmq endpoint and key_custody: site, but a request carries no CURVE key",
                    "leave key_custody out for it, or let it use tcp");
}

}  // namespace

base::Status plan_curve(Plan& plan) {
  const auto server = std::ranges::find_if(plan.kits, is_server);
  const bool listens = server != plan.kits.end() && uses_curve(*server->participant);
  const kit::OwnCurve* of_server = listens ? kept(*server) : nullptr;
  for (PlannedKit& planned : plan.kits) {
    if (!uses_curve(*planned.participant)) continue;
    FAIRLEAD_TRY(check_custody(planned));
    if (!listens)
      return base::fail(base::ErrorCode::bad_configuration,
                        planned.participant->name + " connects by zmq, but the server has no zmq listener",
                        "add {scheme: zmq, port: ...} to the server's listeners");
    if (!planned.prior) continue;
    if (planned.prior->curve() == nullptr) add_reason(planned, "CURVE key");
    const crypto::X25519Public* known = planned.prior->server_curve();
    const bool is_current = of_server != nullptr && known != nullptr && *known == of_server->public_key;
    if (!is_server(planned) && !is_current) add_reason(planned, "CURVE key of the server");
  }
  return {};
}

base::Result<CurveKeys> CurveKeys::make(const std::vector<PlannedKit>& kits, const std::string& project,
                                        const Authority& authority, base::WallTime now) {
  CurveKeys made;
  for (const PlannedKit& planned : kits) {
    const config::ResolvedParticipant& participant = *planned.participant;
    if (!uses_curve(participant)) continue;
    FAIRLEAD_TRY(kit::OwnCurve pair, pair_for(planned));
    // As long as the root: who ends earlier is ended by certificates and lists, or by removing the statement.
    const crypto::CurveStatement statement{project, participant.name, pair.public_key,
                                           std::max(now - kBackDated, authority.root.not_before()),
                                           authority.root.not_after()};
    FAIRLEAD_TRY(base::Bytes file, crypto::sign_curve_statement(statement, authority.key));
    if (is_server(planned))
      made.server_statement_ = std::move(file);
    else
      made.statements_.emplace(participant.name, std::move(file));
    made.pairs_.emplace(participant.name, std::move(pair));
  }
  return made;
}

KitCurve CurveKeys::of(const config::ResolvedParticipant& participant) const {
  const auto pair = pairs_.find(participant.name);
  if (pair == pairs_.end()) return {};
  if (participant.type == base::ParticipantType::server) return {&pair->second, {}, statements_};
  return {&pair->second, server_statement_, {}};
}

base::Bytes CurveKeys::statement(const std::string& name) const {
  const auto found = statements_.find(name);
  return found == statements_.end() ? base::Bytes() : found->second;
}

}  // namespace fairlead::provision
