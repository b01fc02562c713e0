#include "node/renewal_desk.hpp"

#include "provision/live_renewal.hpp"
#include "provision/refuse.hpp"

namespace fairlead::node {
/// At most one entry for each participant of the last minute.
base::Status RenewalDesk::count(const std::string& participant) {
  const base::MonoTime now = clock_.mono();
  std::erase_if(paces_, [&](const auto& one) { return now - one.second.since >= kWindow; });
  Pace& pace = paces_.try_emplace(participant, Pace{now, 0}).first->second;
  if (++pace.count <= kMostRenewals) return {};
  return provision::refuse("rate_limited", "more renewals than a participant may ask for in a minute",
                           "wait a minute");
}

base::Result<std::string> RenewalDesk::answer(const kit::Kit& server, const auth::Session& sender,
                                              base::ByteView question) {
  const std::string participant(sender.participant());
  if (sender.topics || sender.peer_path.empty())
    return provision::refuse("not_allowed", "a third party has no certificate of the project to renew",
                             "renew from the kit of the site");
  FAIRLEAD_TRY(count(participant));
  FAIRLEAD_TRY(const crypto::Certificate present, crypto::Certificate::from_der(sender.peer_path.front()));
  auto answer = provision::answer_renewal(server, present, question, clock_.wall(), random_);
  if (answer)
    log_.info("cert.renewal",
              {{"name", participant}, {"issuing_ca", server.issuer() != nullptr ? "yes" : "no"}});
  else
    log_.warn("cert.renewal_refused", {{"name", participant}, {"code", answer.error().reason}});
  return answer;
}

}  // namespace fairlead::node
