/// AuditLog: what administrators asked for, one line each, chained so that a later change is found.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "store/database.hpp"

namespace fairlead::admin {

/// What a line says.
struct AuditEntry {
  base::WallTime at{};
  std::string actor;    ///< endpoint that asked
  std::string role;     ///< of its certificate
  std::string action;   ///< "kick"
  std::string target;   ///< participant, or empty
  std::string outcome;  ///< "allowed", or the reason of the refusal
};

/// A line with its place in the chain.
struct AuditLine {
  uint64_t seq = 0;  ///< from 1, without gaps
  AuditEntry entry;
  base::Digest hash{};
};

/// The end of the chain. Whoever wrote it down elsewhere can tell later whether the log was written anew.
struct AuditHead {
  uint64_t seq = 0;  ///< number of lines
  base::Digest hash{};
};

/// What verify() found.
struct AuditVerdict {
  AuditHead head;  ///< as recorded
  struct Broken {
    uint64_t seq = 0;
    std::string why;  ///< "was changed"
  };
  std::optional<Broken> broken;  ///< the first line that does not fit
};

/// hash of a line: SHA-256("FAIRLEAD1 audit" 00 || hash of the line before, 32 zero bytes for the first ||
/// u64 seq || u64 ms since 1970 || actor, role, action, target, outcome, each with a u16 length in front).
/// Integers are big-endian. Thread rule: the node's loop.
class AuditLog {
 public:
  /// `database` outlives it.
  explicit AuditLog(store::Database& database) noexcept : database_(database) {}

  /// On disk when it returns; inside a transaction, when that commits. Errors as at store::Database.
  base::Result<AuditHead> append(const AuditEntry& entry);
  base::Result<AuditHead> head() const;
  /// The newest lines, oldest of them first.
  base::Result<std::vector<AuditLine>> newest(uint32_t limit) const;
  /// Reads everything: finds a line that was changed, removed, inserted or moved, also at the end.
  base::Result<AuditVerdict> verify() const;

 private:
  store::Database& database_;
};

}  // namespace fairlead::admin
