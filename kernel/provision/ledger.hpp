/// Ledger: every certificate that this workspace ever issued, every revocation and every revocation list, one
/// JSON line each, chained by hashes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/crl_issue.hpp"

namespace fairlead::provision {

/// A certificate to record.
struct LedgerEntry {
  std::string participant;
  std::string use;  ///< server, token, client, admin, service
  crypto::Certificate certificate;
};

struct Revocation {
  base::WallTime at;
  crypto::RevocationReason reason = crypto::RevocationReason::unspecified;
};

/// What the ledger says of one certificate.
struct IssuedCertificate {
  std::string participant;
  std::string use;
  std::string sha256;  ///< lower-case hex
  base::Bytes serial;  ///< empty in lines that were written before serial numbers were recorded
  base::WallTime not_after;
  std::optional<Revocation> revoked;  ///< nothing: in force
};

/// A revocation list to record. Times as in the list.
struct LedgerList {
  uint64_t number = 0;
  base::WallTime this_update, next_update;
  size_t count = 0;  ///< certificates that it names
};

/// The ledger as it was read. Immutable. Thread rule: const access from any thread.
struct Ledger {
  std::vector<IssuedCertificate> certificates;  ///< in the order of issue
  uint64_t newest_list = 0;                     ///< highest number of a revocation list; 0: none

  bool is_revoked(const crypto::Certificate& certificate) const;
  /// Something was issued to this name, and all of it is revoked.
  bool all_revoked(const std::string& participant) const;
};

/// Reads STATE/ledger.jsonl and follows the chain of hashes; an empty ledger when there is no file. Never
/// through a link, and only a file of this user. Fails with bad_configuration: reason ledger (`text` names
/// the first wrong line) or what kit::Folder says.
base::Result<Ledger> read_ledger(const std::filesystem::path& state);

/// Appends the entries to STATE/ledger.jsonl as one atomic replacement. Each line holds the SHA-256 of the
/// line before, so that a removed or changed line shows. Fails as read_ledger() does, and with failed (disk).
base::Status append_to_ledger(const std::filesystem::path& state, const std::vector<LedgerEntry>& entries,
                              base::WallTime now);

/// Appends the revocation of these certificates and the list that names them, in the same way.
base::Status append_revocations(const std::filesystem::path& state,
                                const std::vector<IssuedCertificate>& revoked, const LedgerList& list,
                                base::WallTime now);

/// read_ledger() for who needs the verdict only.
base::Status verify_ledger(const std::filesystem::path& state);

}  // namespace fairlead::provision
