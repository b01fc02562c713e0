/// Revocation: names every certificate of a participant on the project's revocation list. Used by the command
/// `fairlead cert revoke` and by tests.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/crl_issue.hpp"
#include "provision/ledger.hpp"
#include "provision/provision.hpp"

namespace fairlead::provision {

/// STATE/crl.pem: the list that was issued last.
inline constexpr const char* kKeptListFile = "crl.pem";

struct RevokeOptions {
  std::filesystem::path workspace{};
  std::string project{};  ///< empty: the only one in the workspace
  std::string name{};     ///< participant; empty: nothing more is revoked, only a new list is issued
  crypto::RevocationReason reason = crypto::RevocationReason::unspecified;
  std::optional<std::chrono::seconds> next_update{};  ///< nothing: as long as the root lasts
  PassphraseSource passphrase{};                      ///< none: the root key is expected to be unencrypted
};

struct RevokeReport {
  std::string project;
  std::vector<IssuedCertificate> revoked;  ///< by this run; those that have expired are not on the list
  bool issued = false;                     ///< a new list was made; else the one there is is good
  uint64_t number = 0;                     ///< of the list in `file`
  base::WallTime this_update, next_update;
  size_t count = 0;            ///< certificates on it
  std::filesystem::path file;  ///< WORKSPACE/PROJECT/crl.pem
  std::vector<std::string> warnings;
};

/// Revokes every certificate that was issued to `options.name`, token certificates of a server included, and
/// issues a list with the next number, of all that were ever revoked before they expired. A participant whose
/// certificates are all revoked needs no new list. On disk when this returns, in this order: ledger,
/// STATE/crl.pem, WORKSPACE/PROJECT/crl.pem; the next run puts right what a crash in between left. Fails with
/// bad_arguments (no such project; reason never_issued: no such name, with the nearest), bad_configuration
/// (workspace, ledger, passphrase), refused (reason workspace_locked) or failed (disk). Thread rule: any
/// thread, one run for each workspace.
base::Result<RevokeReport> revoke(const RevokeOptions& options, const base::Clock& clock);

/// Fails with bad_configuration, reason ledger, when STATE holds a newer list than the ledger knows: then
/// lines are missing at the ledger's end, and nobody knows what was revoked.
base::Status check_ledger_is_whole(const std::filesystem::path& state, const crypto::Certificate& root,
                                   const Ledger& ledger);

}  // namespace fairlead::provision
