#include "provision/ledger.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
const char* const kLedgerFile = "ledger.jsonl";
constexpr size_t kLargestLedger = 256 * 1024 * 1024;
/// What a line is about; a line without this member is about a certificate.
const char *const kIssued = "issued", *const kRevoked = "revoked", *const kList = "list";

std::string hash_of(std::string_view line) {
  return line.empty() ? std::string() : base::hex(crypto::sha256({base::as_bytes(line)}));
}

int64_t milliseconds(base::WallTime time) { return time.time_since_epoch().count(); }
base::WallTime wall_time(const base::Json& value) {
  return base::WallTime(base::Milliseconds(value.integer()));
}

base::Json line_of(const LedgerEntry& entry) {
  const crypto::Certificate& certificate = entry.certificate;
  std::string uri;
  for (const std::string& name : certificate.uri_names()) uri = name;
  return base::Json::object({{"entry", kIssued},
                             {"name", entry.participant},
                             {"use", entry.use},
                             {"uri", uri},
                             {"serial", base::hex(certificate.serial())},
                             {"sha256", base::hex(certificate.sha256())},
                             {"not_before_ms", milliseconds(certificate.not_before())},
                             {"not_after_ms", milliseconds(certificate.not_after())}});
}

base::Json line_of(const IssuedCertificate& revoked) {
  const Revocation revocation = revoked.revoked.value_or(Revocation{});
  return base::Json::object({{"entry", kRevoked},
                             {"name", revoked.participant},
                             {"use", revoked.use},
                             {"sha256", revoked.sha256},
                             {"revoked_ms", milliseconds(revocation.at)},
                             {"reason", crypto::name(revocation.reason)}});
}

base::Json line_of(const LedgerList& list) {
  return base::Json::object({{"entry", kList},
                             {"number", list.number},
                             {"this_update_ms", milliseconds(list.this_update)},
                             {"next_update_ms", milliseconds(list.next_update)},
                             {"count", uint64_t{list.count}}});
}

tl::unexpected<base::Error> damaged(const fs::path& file, size_t line, std::string what) {
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::bad_configuration, std::move(what), "restore the ledger from a backup",
                  file.string() + ":" + std::to_string(line) + ":1", "ledger"});
}

/// The whole text; empty when there is no ledger yet.
base::Result<std::string> read_text(const fs::path& state) {
  std::error_code error;
  const fs::path file = state / kLedgerFile;
  if (fs::symlink_status(file, error).type() == fs::file_type::not_found) return std::string();
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  FAIRLEAD_TRY(const kit::Folder::Content content, folder.read(kLedgerFile, kLargestLedger));
  if (content.owner != ::geteuid())
    return damaged(file, 1, "the ledger belongs to user " + std::to_string(content.owner));
  return base::to_text(content.bytes);
}

/// Takes in line after line. Each gives what is wrong with it, nothing when it is good.
class Reader {
 public:
  std::string take(const base::Json& line) {
    const std::string kind = line["entry"].text(kIssued);
    if (kind == kIssued) return take_issued(line);
    if (kind == kRevoked) return take_revoked(line);
    if (kind == kList) return take_list(line);
    return "this is an entry of an unknown kind: " + kind;
  }
  Ledger result() && { return std::move(ledger_); }

 private:
  std::string take_issued(const base::Json& line) {
    const auto serial = base::from_hex(line["serial"].text());
    const std::string digest = line["sha256"].text();
    if (!serial || line["name"].text().empty() || digest.empty() || !line["not_after_ms"].is_integer())
      return "this entry of a certificate lacks a part";
    if (!by_digest_.emplace(digest, ledger_.certificates.size()).second)
      return "this certificate has an entry already";
    ledger_.certificates.push_back({line["name"].text(), line["use"].text(), digest, *serial,
                                    wall_time(line["not_after_ms"]), std::nullopt});
    return {};
  }

  std::string take_revoked(const base::Json& line) {
    const auto found = by_digest_.find(line["sha256"].text());
    const auto reason = crypto::parse_revocation_reason(line["reason"].text());
    if (found == by_digest_.end() || !reason || !line["revoked_ms"].is_integer())
      return "this revokes a certificate that was not issued, or does not say why and when";
    ledger_.certificates[found->second].revoked = Revocation{wall_time(line["revoked_ms"]), *reason};
    return {};
  }

  std::string take_list(const base::Json& line) {
    const auto number = static_cast<uint64_t>(line["number"].integer());
    if (number <= ledger_.newest_list) return "the number of this revocation list is not a higher one";
    ledger_.newest_list = number;
    return {};
  }

  Ledger ledger_;
  std::map<std::string, size_t> by_digest_;
};

/// Checks every line and lets the reader take it in. Gives the hash of the last one.
base::Result<std::string> follow_chain(const fs::path& file, std::string_view text, Reader& reader) {
  std::string previous;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return damaged(file, number, "the last line is cut off");
    const std::string_view line = text.substr(0, end);
    const auto entry = base::Json::parse(line);
    if (!entry) return damaged(file, number, "this is not an entry: " + entry.error().text);
    if ((*entry)["previous"].text() != previous)
      return damaged(file, number, "the line before this one was changed or removed");
    if (std::string wrong = reader.take(*entry); !wrong.empty())
      return damaged(file, number, std::move(wrong));
    previous = hash_of(line);
    text.remove_prefix(end + 1);
  }
  return previous;
}

/// One replacement of the file, so that all of the lines are in it or none.
base::Status append(const fs::path& state, std::vector<base::Json> lines, base::WallTime now) {
  if (lines.empty()) return {};
  const fs::path file = state / kLedgerFile;
  FAIRLEAD_TRY(std::string text, read_text(state));
  Reader reader;
  FAIRLEAD_TRY(std::string previous, follow_chain(file, text, reader));
  for (base::Json& entry : lines) {
    entry.set("time_ms", milliseconds(now));
    entry.set("previous", previous);
    const std::string line = entry.dump();
    previous = hash_of(line);
    text += line + "\n";
  }
  return kit::replace_file(file, base::as_bytes(text), kit::kKeyMode);
}

}  // namespace

bool Ledger::is_revoked(const crypto::Certificate& certificate) const {
  const std::string digest = base::hex(certificate.sha256());
  return std::ranges::any_of(certificates, [&](const IssuedCertificate& one) {
    return one.revoked.has_value() && one.sha256 == digest;
  });
}

bool Ledger::all_revoked(const std::string& participant) const {
  bool any = false;
  for (const IssuedCertificate& one : certificates) {
    if (one.participant != participant) continue;
    if (!one.revoked) return false;
    any = true;
  }
  return any;
}

base::Result<Ledger> read_ledger(const fs::path& state) {
  FAIRLEAD_TRY(const std::string text, read_text(state));
  Reader reader;
  FAIRLEAD_TRY(follow_chain(state / kLedgerFile, text, reader));
  return std::move(reader).result();
}

base::Status append_to_ledger(const fs::path& state, const std::vector<LedgerEntry>& entries,
                              base::WallTime now) {
  std::vector<base::Json> lines;
  lines.reserve(entries.size());
  for (const LedgerEntry& entry : entries) lines.push_back(line_of(entry));
  return append(state, std::move(lines), now);
}

base::Status append_revocations(const fs::path& state, const std::vector<IssuedCertificate>& revoked,
                                const LedgerList& list, base::WallTime now) {
  std::vector<base::Json> lines;
  lines.reserve(revoked.size() + 1);
  for (const IssuedCertificate& one : revoked) lines.push_back(line_of(one));
  lines.push_back(line_of(list));
  return append(state, std::move(lines), now);
}

base::Status verify_ledger(const fs::path& state) {
  FAIRLEAD_TRY(read_ledger(state));
  return {};
}

}  // namespace fairlead::provision
