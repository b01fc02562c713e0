// The handshakes of layer "tls".
#include <utility>

#include "doctor/proxy.hpp"
#include "doctor/tcp.hpp"
#include "doctor/tls.hpp"
#include "kit/revocation_store.hpp"

namespace fairlead::doctor {
namespace {

/// Whose certificates the link accepts, as the node has it.
std::vector<crypto::TrustAnchor> trusted_by(const Patient& patient) {
  std::vector<crypto::TrustAnchor> anchors;
  if (!patient.custom_ca_pem) {
    anchors.push_back(patient.kit->trust_anchor());
    if (const auto lists = kit::RevocationStore::open(*patient.kit)) anchors[0].revoked = lists->lists();
    return anchors;
  }
  const auto custom = crypto::read_pem_certificates(base::as_bytes(*patient.custom_ca_pem));
  if (!custom) return anchors;
  for (const crypto::Certificate& one : *custom) anchors.push_back({one});
  return anchors;
}

base::Result<crypto::TlsSight> shake_hands(const Patient& patient, int fd) {
  const std::vector<crypto::TrustAnchor> trusted = trusted_by(patient);
  crypto::TlsProbePlan plan{.trusted = trusted, .host = patient.target().host, .alpn = "fairlead/1"};
  if (patient.link_security() == base::ConnectionSecurity::mtls) {
    plan.own_chain = patient.kit->chain();
    plan.own_key = &patient.kit->key();
  }
  return crypto::probe_tls(fd, plan, patient.clock, patient.deadline());
}

}  // namespace

std::optional<TlsFacts> tls_facts(const Patient& patient) {
  if (!patient.tls) return std::nullopt;
  TlsFacts facts{.host = patient.target().host,
                 .port = patient.target().port,
                 .security = patient.link_security(),
                 .project = patient.kit->settings().project,
                 .custom_ca = patient.custom_ca_pem.has_value(),
                 .root = patient.kit->root(),
                 .now = patient.clock.wall(),
                 .sight = *patient.tls};
  for (const crypto::TrustAnchor& one : trusted_by(patient)) facts.trusted.push_back(one.root);
  return facts;
}

Rows tls_layer(Patient& patient) {
  // Taken out of the patient: a connection that says nothing more would hold a place at the server.
  const kit::Descriptor socket = std::exchange(patient.socket, {});
  const std::string target = loop::text({patient.target().host, patient.target().port});
  const std::string& scheme = patient.target().scheme;
  if (scheme != "tcp")
    return {ok("tls", target,
               "a " + scheme + " link has none; the login shows whether its own protection holds")};
  if (patient.link_security() == base::ConnectionSecurity::clear)
    return {ok("tls", target, "a clear link has none; messages are protected by the login's keys")};
  auto sight = shake_hands(patient, socket.get());
  if (!sight) return {failed(sight.error(), "tls", target)};
  patient.tls = std::move(*sight);
  return judge_tls(*tls_facts(patient));
}

std::optional<Row> look_behind_clear(Patient& patient) {
  const kit::Descriptor again =
      patient.proxy ? open_tunnel(patient).value_or(kit::Descriptor()) : connect_again(patient);
  if (!again) return std::nullopt;
  auto sight = shake_hands(patient, again.get());
  if (!sight) return std::nullopt;
  patient.tls = std::move(*sight);
  return judge_clear(*tls_facts(patient));
}

}  // namespace fairlead::doctor
