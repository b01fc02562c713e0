#include "admin/state.hpp"

namespace fairlead::admin {
namespace {

constexpr store::Schema kSchema{.application_id = 0x464C5352,  // "FLSR"
                                .version = 1,
                                .sql = R"(
CREATE TABLE disabled(
  name TEXT PRIMARY KEY NOT NULL, org TEXT NOT NULL, role TEXT NOT NULL,
  at_ms INTEGER NOT NULL, by_endpoint TEXT NOT NULL, by_role TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL,
  action TEXT NOT NULL, target TEXT NOT NULL, outcome TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE audit_head(
  one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
INSERT INTO audit_head VALUES(1, 0, zeroblob(32));
)"};

}  // namespace

base::Result<store::Database> open_state(const std::filesystem::path& folder) {
  return store::Database::open(folder / "server.db", kSchema);
}

}  // namespace fairlead::admin
