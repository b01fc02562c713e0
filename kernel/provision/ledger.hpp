/// Ledger: every certificate ever issued by this workspace, one JSON line each, chained by hashes.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"

namespace fairlead::provision {

struct LedgerEntry {
  std::string participant;
  std::string use;  ///< server, token, client, admin, service
  crypto::Certificate certificate;
};

/// Appends the entries to STATE/ledger.jsonl as one atomic replacement. Each line holds the SHA-256 of the
/// line before, so that a removed or changed line shows. Fails with bad_configuration (reason ledger) when
/// the last line is damaged.
base::Status append_to_ledger(const std::filesystem::path& state, const std::vector<LedgerEntry>& entries,
                              base::WallTime now);

/// Follows the chain of hashes from the first line to the last; bad_configuration names the first wrong line.
base::Status verify_ledger(const std::filesystem::path& state);

}  // namespace fairlead::provision
