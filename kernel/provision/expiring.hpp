/// Expiry: which certificates in a kit, a workspace or any folder of kits end soon. Used by the command
/// `fairlead cert expiring`. Looks at certificates only: no key is opened and no kit is verified.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace fairlead::provision {

struct ExpiringCertificate {
  std::string name;         ///< participant, as its certificate says
  std::string type;         ///< server, client, admin, service
  std::string certificate;  ///< identity, token, issuing, root, custom_ca
  base::WallTime expires;
  int64_t days_left = 0;  ///< whole days, rounded down: negative once it is over
  std::filesystem::path file;
};

struct ExpiryReport {
  size_t kits = 0;
  size_t certificates = 0;                  ///< looked at; one that several kits hold counts once
  std::vector<ExpiringCertificate> ending;  ///< within the period or over, the first to end in front
  size_t expired = 0;                       ///< of them, over at `now`
};

/// `path` is a kit (it holds startup/), or a folder with kits below it, five levels deep at most; symbolic
/// links below it are not followed. Of a participant in prod_00, prod_01, ... only the newest kit counts, and
/// what the project's crl.pem revokes does not. Fails with bad_configuration: reason kit_not_found without
/// any kit, else a folder or certificate file that cannot be read. Thread rule: any thread.
base::Result<ExpiryReport> find_expiring(const std::filesystem::path& path, std::chrono::seconds within,
                                         base::WallTime now);

}  // namespace fairlead::provision
