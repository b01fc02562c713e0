#include "admin/disabled_table.hpp"

#include "base/assert.hpp"

namespace fairlead::admin {
namespace {

Disabled entry_of(const store::Row& row) {
  return {.name = row.text(0),
          .org = row.text(1),
          .role = row.text(2),
          .at = base::WallTime(base::Milliseconds(row.integer(3))),
          .by = row.text(4),
          .by_role = row.text(5)};
}

}  // namespace

base::Result<DisabledTable> DisabledTable::load(store::Database& database) {
  DisabledTable table(database);
  FAIRLEAD_TRY(store::Statement select,
               database.prepare("SELECT name, org, role, at_ms, by_endpoint, by_role FROM disabled"));
  FAIRLEAD_TRY(select.each({}, [&](const store::Row& row) {
    Disabled entry = entry_of(row);
    table.entries_.insert_or_assign(entry.name, entry);
    return base::Status{};
  }));
  return table;
}

const Disabled* DisabledTable::find(std::string_view participant) const {
  const auto at = entries_.find(participant);
  return at == entries_.end() ? nullptr : &at->second;
}

base::Status DisabledTable::disable(const Disabled& entry, const Alongside& alongside) {
  FAIRLEAD_ASSERT(!database_->is_in_transaction());
  FAIRLEAD_TRY(database_->transact([&]() -> base::Status {
    FAIRLEAD_TRY(alongside());
    FAIRLEAD_TRY(store::Statement insert,
                 database_->prepare("INSERT OR REPLACE INTO disabled VALUES(?, ?, ?, ?, ?, ?)"));
    return insert.execute({entry.name, entry.org, entry.role, int64_t{entry.at.time_since_epoch().count()},
                           entry.by, entry.by_role});
  }));
  entries_.insert_or_assign(entry.name, entry);
  return {};
}

base::Status DisabledTable::enable(std::string_view participant, const Alongside& alongside) {
  FAIRLEAD_ASSERT(!database_->is_in_transaction());
  FAIRLEAD_TRY(database_->transact([&]() -> base::Status {
    FAIRLEAD_TRY(alongside());
    FAIRLEAD_TRY(store::Statement remove, database_->prepare("DELETE FROM disabled WHERE name = ?"));
    return remove.execute({std::string(participant)});
  }));
  if (const auto at = entries_.find(participant); at != entries_.end()) entries_.erase(at);
  return {};
}

}  // namespace fairlead::admin
