/// DisabledTable: who may not log in, whatever the certificate says. Survives kill -9.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "auth/session_table.hpp"
#include "base/clock.hpp"
#include "store/database.hpp"

namespace fairlead::admin {

/// One disabled participant, and who did it.
struct Disabled {
  std::string name;
  std::string org, role;  ///< of the participant's certificate; empty when it was not logged in
  base::WallTime at{};
  std::string by, by_role;  ///< endpoint and role of the administrator
};

/// Questions are answered from memory. Thread rule: the node's loop.
class DisabledTable final : public auth::RevocationTable {
 public:
  /// Written in the same transaction as the change; when it fails, nothing is changed.
  using Alongside = std::function<base::Status()>;

  /// Reads the table. `database` outlives it. Fails rather than start with less than was stored.
  static base::Result<DisabledTable> load(store::Database& database);

  bool is_disabled(std::string_view participant) const override { return entries_.contains(participant); }
  /// Null when it is not disabled.
  const Disabled* find(std::string_view participant) const;
  const std::map<std::string, Disabled, std::less<>>& entries() const noexcept { return entries_; }

  /// On disk when it returns; replaces an older entry. Not inside a transaction.
  base::Status disable(const Disabled& entry, const Alongside& alongside);
  /// The same for an entry that goes; one that is not there is no error.
  base::Status enable(std::string_view participant, const Alongside& alongside);

 private:
  explicit DisabledTable(store::Database& database) noexcept : database_(&database) {}

  store::Database* database_;
  std::map<std::string, Disabled, std::less<>> entries_;
};

}  // namespace fairlead::admin
