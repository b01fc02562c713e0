#include "doctor/revocation.hpp"

#include "doctor/time_text.hpp"
#include "kit/folder.hpp"
#include "kit/revocation_store.hpp"

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "revocation";
constexpr const char* kRenew = "put a fresh list there (the project's administrator makes it)";

base::Result<crypto::RevocationLists> read_file(const Patient& patient, const std::filesystem::path& file) {
  FAIRLEAD_TRY(const kit::Folder local, kit::Folder::open(file.parent_path()));
  FAIRLEAD_TRY(const kit::Folder::Content content,
               local.read(file.filename().string(), crypto::kLargestRevocationText));
  return crypto::RevocationLists::read(content.bytes, patient.kit->root(), patient.kit->intermediates(),
                                       patient.clock.wall());
}

Row judge_list(const crypto::RevocationFacts& list, const RevocationFacts& facts) {
  std::string detail = "list " + std::to_string(list.number) + " of " + list.issuer + ", " +
                       std::to_string(list.count) + " revoked, " + span_text(facts.now - list.this_update) +
                       " old, next due " + text(list.next_update);
  if (facts.now < list.next_update) return ok(kComponent, facts.file, std::move(detail));
  detail += ", which has passed";
  if (facts.strict)
    return failed(base::ErrorCode::bad_configuration, kComponent, facts.file,
                  detail + "; crl: strict refuses every login", kRenew);
  return warning(kComponent, facts.file, std::move(detail), kRenew);
}

}  // namespace

Rows judge_revocation(const RevocationFacts& facts) {
  Rows rows;
  if (facts.error) rows.push_back(failed(*facts.error, kComponent, facts.file));
  for (const crypto::RevocationFacts& one : facts.lists) rows.push_back(judge_list(one, facts));
  if (!rows.empty()) return rows;
  if (facts.strict)
    return {failed(base::ErrorCode::bad_configuration, kComponent, facts.file,
                   "no list, and crl: strict refuses every login without one", kRenew)};
  return {ok(kComponent, facts.file, "no list: nothing is revoked")};
}

Rows revocation_layer(Patient& patient) {
  auto store = kit::RevocationStore::open(*patient.kit);
  const std::string kept = (patient.settings.kit / "state" / "crl.pem").string();
  if (!store) return {failed(store.error(), kComponent, kept)};
  RevocationFacts facts{.file = store->file().string(),
                        .strict = patient.kit->settings().strict_crl,
                        .now = patient.clock.wall()};
  crypto::RevocationLists lists = store->lists();
  if (std::filesystem::exists(store->file())) {
    auto fresh = read_file(patient, store->file());
    if (fresh)
      lists = std::move(*fresh);
    else
      facts.error = fresh.error();
  }
  facts.lists.assign(lists.facts().begin(), lists.facts().end());
  return judge_revocation(facts);
}

}  // namespace fairlead::doctor
