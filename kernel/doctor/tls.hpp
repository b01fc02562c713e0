/// Layer "tls": the outer TLS of the link, and who answers when it is not the server's.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// What was seen, and what the kit expects instead.
struct TlsFacts {
  std::string host;
  uint16_t port = 0;
  base::ConnectionSecurity security = base::ConnectionSecurity::mtls;
  std::string project;
  /// Whose certificates are accepted: the project's root, or what custom_ca_cert holds.
  std::vector<crypto::Certificate> trusted{};
  bool custom_ca = false;
  std::optional<crypto::Certificate> root{};  ///< of the project, whatever is trusted
  base::WallTime now{};
  crypto::TlsSight sight{};
};

/// Whose chain it is that was refused because it leads to no trusted CA. Pure.
enum class Issuer {
  own_root_behind_custom_ca,  ///< the project's own server where a proxy was expected
  same_name_other_root,       ///< a root with the same name: the project was provisioned twice
  other_project,              ///< a Fairlead server, of another project
  somebody_else,              ///< an interceptor, or a proxy that nobody told the kit of
  known                       ///< a trusted CA: the chain breaks a rule
};
Issuer issuer_of(const TlsFacts& facts);

/// For tls and mtls. Pure.
Rows judge_tls(const TlsFacts& facts);
/// For clear: what answers when the login did not work; nothing when it is neither TLS nor HTTP. Pure.
std::optional<Row> judge_clear(const TlsFacts& facts);
/// Is what was seen the work of something between here and the server? Pure.
bool is_network_to_blame(const TlsFacts& facts);

/// Shakes hands on Patient::socket; a clear link has nothing to look at.
Rows tls_layer(Patient& patient);
/// For a clear link whose login failed: greets the other side in TLS on a fresh connection.
std::optional<Row> look_behind_clear(Patient& patient);
/// The facts of what was seen last; nothing before.
std::optional<TlsFacts> tls_facts(const Patient& patient);

}  // namespace fairlead::doctor
