#include "admin/audit_log.hpp"

#include <algorithm>

#include "crypto/digest.hpp"

namespace fairlead::admin {
namespace {

constexpr std::string_view kLabel("FAIRLEAD1 audit\0", 16);
constexpr const char* kColumns = "SELECT seq, at_ms, actor, role, action, target, outcome, hash FROM audit ";

base::Digest hash_of(const base::Digest& before, uint64_t seq, const AuditEntry& entry) {
  base::Bytes line;
  base::append_be(line, seq);
  base::append_be(line, static_cast<uint64_t>(entry.at.time_since_epoch().count()));
  for (const std::string* field : {&entry.actor, &entry.role, &entry.action, &entry.target, &entry.outcome})
    base::append_counted(line, base::as_bytes(*field));
  return crypto::sha256({base::as_bytes(kLabel), before, line});
}

/// A field that the encoding cannot hold was not written by us.
bool is_encodable(const AuditEntry& entry) noexcept {
  const auto fits = [](const std::string& field) { return field.size() <= UINT16_MAX; };
  return fits(entry.actor) && fits(entry.role) && fits(entry.action) && fits(entry.target) &&
         fits(entry.outcome);
}

/// All zeros when it has another size, which no hash is.
base::Digest digest_of(const base::Bytes& stored) noexcept {
  base::Digest digest{};
  if (stored.size() == digest.size()) base::copy(stored, digest);
  return digest;
}

AuditLine line_of(const store::Row& row) {
  AuditLine line;
  line.seq = static_cast<uint64_t>(row.integer(0));
  line.entry = {.at = base::WallTime(base::Milliseconds(row.integer(1))),
                .actor = row.text(2),
                .role = row.text(3),
                .action = row.text(4),
                .target = row.text(5),
                .outcome = row.text(6)};
  line.hash = digest_of(row.bytes(7));
  return line;
}

/// Follows the chain from its start.
class Follower {
 public:
  void take(const AuditLine& line) {
    if (broken_) return;
    const uint64_t expected = last_.seq + 1;
    if (line.seq != expected)
      broken_ =
          line.seq > expected ? Broken{expected, "is missing"} : Broken{line.seq, "does not belong here"};
    else if (!is_encodable(line.entry) || hash_of(last_.hash, line.seq, line.entry) != line.hash)
      broken_ = Broken{line.seq, "was changed, or does not follow the line before it"};
    last_ = {line.seq, line.hash};
  }

  /// What is left to say once every line was taken.
  std::optional<AuditVerdict::Broken> finish(const std::optional<AuditHead>& head) const {
    if (broken_) return broken_;
    if (!head) return Broken{last_.seq, "is not followed by a record of the end"};
    if (head->seq > last_.seq) return Broken{last_.seq + 1, "is missing"};
    if (head->seq < last_.seq) return Broken{head->seq + 1, "was added behind the recorded end"};
    if (head->hash != last_.hash) return Broken{last_.seq, "is not the one that the record of the end names"};
    return std::nullopt;
  }

 private:
  using Broken = AuditVerdict::Broken;
  AuditHead last_;
  std::optional<Broken> broken_;
};

base::Result<std::optional<AuditHead>> read_head(store::Database& database) {
  std::optional<AuditHead> head;
  FAIRLEAD_TRY(store::Statement select, database.prepare("SELECT seq, hash FROM audit_head WHERE one = 1"));
  FAIRLEAD_TRY(select.each({}, [&](const store::Row& row) {
    head = AuditHead{static_cast<uint64_t>(row.integer(0)), digest_of(row.bytes(1))};
    return base::Status{};
  }));
  return head;
}

}  // namespace

base::Result<AuditHead> AuditLog::head() const {
  FAIRLEAD_TRY(const std::optional<AuditHead> found, read_head(database_));
  if (found) return *found;
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::failed,
                  "the audit log has no record of its end: " + database_.path().string(),
                  "keep the file for an examination and put back a good copy",
                  {},
                  "audit_broken"});
}

base::Result<AuditHead> AuditLog::append(const AuditEntry& entry) {
  AuditHead next;
  FAIRLEAD_TRY(database_.transact([&]() -> base::Status {
    FAIRLEAD_TRY(const AuditHead last, head());
    next = {last.seq + 1, hash_of(last.hash, last.seq + 1, entry)};
    const auto seq = static_cast<int64_t>(next.seq);
    FAIRLEAD_TRY(store::Statement insert,
                 database_.prepare("INSERT INTO audit VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
    FAIRLEAD_TRY(insert.execute({seq, int64_t{entry.at.time_since_epoch().count()}, entry.actor, entry.role,
                                 entry.action, entry.target, entry.outcome, base::to_bytes(next.hash)}));
    FAIRLEAD_TRY(store::Statement move,
                 database_.prepare("UPDATE audit_head SET seq = ?, hash = ? WHERE one = 1"));
    return move.execute({seq, base::to_bytes(next.hash)});
  }));
  return next;
}

base::Result<std::vector<AuditLine>> AuditLog::newest(uint32_t limit) const {
  std::vector<AuditLine> lines;
  FAIRLEAD_TRY(store::Statement select,
               database_.prepare(std::string(kColumns) + "ORDER BY seq DESC LIMIT ?"));
  FAIRLEAD_TRY(select.each({int64_t{limit}}, [&](const store::Row& row) {
    lines.push_back(line_of(row));
    return base::Status{};
  }));
  std::reverse(lines.begin(), lines.end());
  return lines;
}

base::Result<AuditVerdict> AuditLog::verify() const {
  Follower follower;
  FAIRLEAD_TRY(store::Statement select, database_.prepare(std::string(kColumns) + "ORDER BY seq"));
  FAIRLEAD_TRY(select.each({}, [&](const store::Row& row) {
    follower.take(line_of(row));
    return base::Status{};
  }));
  FAIRLEAD_TRY(const std::optional<AuditHead> head, read_head(database_));
  return AuditVerdict{head.value_or(AuditHead{}), follower.finish(head)};
}

}  // namespace fairlead::admin
