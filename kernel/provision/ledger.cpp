#include "provision/ledger.hpp"

#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "kit/durable.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
const char* const kLedgerFile = "ledger.jsonl";

/// The whole text; empty when there is no ledger yet.
std::string read_ledger(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string hash_of(std::string_view line) {
  return line.empty() ? std::string() : base::hex(crypto::sha256({base::as_bytes(line)}));
}

int64_t milliseconds(base::WallTime time) { return time.time_since_epoch().count(); }

std::string line_of(const LedgerEntry& entry, base::WallTime now, const std::string& previous) {
  const crypto::Certificate& certificate = entry.certificate;
  std::string uri;
  for (const std::string& name : certificate.uri_names()) uri = name;
  return base::Json::object({{"time_ms", milliseconds(now)},
                             {"name", entry.participant},
                             {"use", entry.use},
                             {"uri", uri},
                             {"sha256", base::hex(certificate.sha256())},
                             {"not_before_ms", milliseconds(certificate.not_before())},
                             {"not_after_ms", milliseconds(certificate.not_after())},
                             {"previous", previous}})
      .dump();
}

tl::unexpected<base::Error> damaged(const fs::path& file, size_t line, std::string what) {
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::bad_configuration, std::move(what), "restore the ledger from a backup",
                  file.string() + ":" + std::to_string(line) + ":1", "ledger"});
}

/// Checks every line and gives the hash of the last one.
base::Result<std::string> follow_chain(const fs::path& file, std::string_view text) {
  std::string previous;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return damaged(file, number, "the last line is cut off");
    const std::string_view line = text.substr(0, end);
    const auto entry = base::Json::parse(line);
    if (!entry) return damaged(file, number, "this is not an entry: " + entry.error().text);
    if ((*entry)["previous"].text() != previous)
      return damaged(file, number, "the line before this one was changed or removed");
    previous = hash_of(line);
    text.remove_prefix(end + 1);
  }
  return previous;
}

}  // namespace

base::Status append_to_ledger(const fs::path& state, const std::vector<LedgerEntry>& entries,
                              base::WallTime now) {
  if (entries.empty()) return {};
  const fs::path file = state / kLedgerFile;
  std::string text = read_ledger(file);
  FAIRLEAD_TRY(std::string previous, follow_chain(file, text));
  for (const LedgerEntry& entry : entries) {
    const std::string line = line_of(entry, now, previous);
    previous = hash_of(line);
    text += line + "\n";
  }
  return kit::replace_file(file, base::as_bytes(text), kit::kKeyMode);
}

base::Status verify_ledger(const fs::path& state) {
  const fs::path file = state / kLedgerFile;
  const auto end = follow_chain(file, read_ledger(file));
  if (!end) return tl::unexpected(end.error());
  return {};
}

}  // namespace fairlead::provision
