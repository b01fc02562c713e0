/// The CURVE keys of one run of provision: whose pair goes into which kit, and what the root says about them.
#pragma once
#include <map>
#include <string>

#include "provision/authority.hpp"
#include "provision/plan.hpp"

namespace fairlead::provision {

/// What one kit gets; everything empty for a kit without a zmq endpoint.
struct KitCurve {
  const kit::OwnCurve* own = nullptr;             ///< null: none
  base::Bytes server_statement;                   ///< for everybody but the server
  std::map<std::string, base::Bytes> statements;  ///< for the server: participant -> statement
};

/// Keys of earlier kits go on; the others are made here.
class CurveKeys {
 public:
  /// internal when the library or the root key fails.
  static base::Result<CurveKeys> make(const std::vector<PlannedKit>& kits, const std::string& project,
                                      const Authority& authority, base::WallTime now);
  /// Borrowed until this object goes.
  KitCurve of(const config::ResolvedParticipant& participant) const;
  /// The statement about a participant, not the server; empty when it has no key.
  base::Bytes statement(const std::string& name) const;

 private:
  std::map<std::string, kit::OwnCurve> pairs_;
  std::map<std::string, base::Bytes> statements_;
  base::Bytes server_statement_;
};

/// Gives kits a reason to change whose CURVE keys are missing or not the ones in force any more. Fails with
/// bad_configuration for what cannot work: a client of a server without a zmq listener, keys that stay at a
/// site.
base::Status plan_curve(Plan& plan);

}  // namespace fairlead::provision
