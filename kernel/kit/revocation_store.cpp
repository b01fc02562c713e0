#include "kit/revocation_store.hpp"

#include <sys/stat.h>

#include <system_error>

#include "kit/defect.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"
#include "kit/version_memory.hpp"

namespace fairlead::kit {
namespace {

constexpr const char* kListFile = "crl.pem";
/// A file may become usable without changing: its time comes, or what kept it from being read is over.
constexpr std::chrono::seconds kTryAgain{30};

int64_t nanoseconds(const timespec& time) noexcept {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

base::Result<base::Bytes> read_file(const std::filesystem::path& folder) {
  FAIRLEAD_TRY(const Folder opened, Folder::open(folder));
  FAIRLEAD_TRY(Folder::Content content, opened.read(kListFile, crypto::kLargestRevocationText));
  return std::move(content.bytes);
}

}  // namespace

RevocationStore::RevocationStore(const Kit& kit, crypto::RevocationLists lists)
    : kit_(kit.path()), root_(kit.root()), intermediates_(kit.intermediates()), lists_(std::move(lists)) {}

base::Result<RevocationStore> RevocationStore::open(const Kit& kit) {
  const std::filesystem::path kept = kit.path() / "state" / kListFile;
  std::error_code ignored;
  if (std::filesystem::symlink_status(kept, ignored).type() == std::filesystem::file_type::not_found)
    return RevocationStore(kit, {});
  auto content = read_file(kept.parent_path());
  // Its time had come when it was accepted: a clock that stands wrong now must not take it out of force.
  auto lists = content ? crypto::RevocationLists::read(*content, kit.root(), kit.intermediates(),
                                                       base::WallTime::max())
                       : base::Result<crypto::RevocationLists>(tl::unexpected(content.error()));
  if (lists) return RevocationStore(kit, std::move(*lists));
  return defect("kit_state", kept, "the revocation list last in force cannot be used: " + lists.error().text,
                "put the newest list into local/crl.pem and delete this file");
}

void RevocationStore::use(const Kit& kit) {
  intermediates_ = kit.intermediates();
  seen_.reset();
}

std::filesystem::path RevocationStore::file() const { return kit_ / "local" / kListFile; }

std::optional<RevocationStore::Mark> RevocationStore::mark() const {
  struct stat facts {};
  if (::lstat(file().c_str(), &facts) != 0) return std::nullopt;
  return Mark{facts.st_dev, facts.st_ino, static_cast<uint64_t>(facts.st_size), nanoseconds(facts.st_ctim),
              nanoseconds(facts.st_mtim)};
}

base::Result<crypto::RevocationLists> RevocationStore::read(base::WallTime now) const {
  FAIRLEAD_TRY(const base::Bytes content, read_file(file().parent_path()));
  auto lists = crypto::RevocationLists::read(content, root_, intermediates_, now);
  if (!lists) return defect(lists.error().reason.c_str(), file(), lists.error().text, lists.error().hint);
  FAIRLEAD_TRY(check_numbers(*lists));
  return lists;
}

/// Nothing that is in force is taken back: not by a lower number, not by leaving out an authority.
base::Status RevocationStore::check_numbers(const crypto::RevocationLists& fresh) const {
  for (const crypto::RevocationFacts& old : lists_.facts()) {
    const crypto::RevocationFacts* found = nullptr;
    for (const crypto::RevocationFacts& one : fresh.facts())
      if (one.authority == old.authority) found = &one;
    if (found == nullptr)
      return defect("crl_older", file(), "there is no list of " + old.issuer + ", which has one in force",
                    "put the lists of all authorities into this file");
    if (found->number < old.number)
      return defect("crl_older", file(),
                    "the list of " + old.issuer + " has number " + std::to_string(found->number) +
                        ", number " + std::to_string(old.number) + " has been in force here",
                    "put the newest list here");
  }
  return {};
}

base::Status RevocationStore::keep() const {
  FAIRLEAD_TRY(const std::filesystem::path state, make_state_folder(kit_));
  const auto written = replace_file(state / kListFile, base::as_bytes(lists_.pem()), kFileMode);
  if (!written)
    return defect(
        "kit_state", state / kListFile,
        "the revocation list is in force, but is not kept for the next start: " + written.error().text,
        written.error().hint);
  return {};
}

RevocationLook RevocationStore::refused(base::Error error, base::WallTime now) {
  refused_at_ = now;
  const std::string line = error.line();
  if (line == last_error_) return {};
  last_error_ = line;
  return {false, std::move(error)};
}

RevocationLook RevocationStore::look(base::WallTime now) {
  const auto found = mark();
  const bool same = found == seen_;
  const bool again = refused_at_ && (now >= *refused_at_ + kTryAgain || now < *refused_at_);
  if (same && !again) return {};
  if (!same) last_error_.clear();
  seen_ = found;
  refused_at_.reset();
  if (!found) {
    if (lists_.empty()) return {};
    return refused(defect("crl_missing", file(), "the file is gone; the list last read stays in force",
                          "put the newest list back")
                       .value(),
                   now);
  }
  auto fresh = read(now);
  if (!fresh) return refused(std::move(fresh).error(), now);
  last_error_.clear();
  lists_ = std::move(*fresh);
  RevocationLook result{true};
  if (const auto kept = keep(); !kept) result.error = kept.error();
  return result;
}

}  // namespace fairlead::kit
