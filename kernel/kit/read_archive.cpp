#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "kit/archive.hpp"
#include "kit/archive_directory.hpp"
#include "kit/archive_rules.hpp"
#include "kit/defect.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using Kind = ArchiveNames::Kind;

constexpr size_t kFirstBuffer = 64 * 1024;
constexpr size_t kLargestOverhead = 1024 * 1024;  // of an archive over what it holds: names, lists

struct CloseReader {
  void operator()(archive* reader) const noexcept { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseReader>;

/// libarchive's own words name what is wrong, never content.
tl::unexpected<base::Error> malformed(const fs::path& zip, archive* reader) {
  const char* const words = ::archive_error_string(reader);
  return archive_defect("archive_malformed", zip,
                        words != nullptr ? "is damaged: " + shown_name(words) : "is damaged");
}

/// Nothing but zip, and of zip only what goes by the list at the end of the file.
base::Result<Reader> open_reader(base::ByteView bytes, const fs::path& zip) {
  Reader reader(::archive_read_new());
  if (!reader) return base::fail(base::ErrorCode::internal, "no memory for reading " + zip.string());
  if (::archive_read_support_format_zip_seekable(reader.get()) != ARCHIVE_OK ||
      ::archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return malformed(zip, reader.get());
  return reader;
}

/// What the list says is judged before libarchive sees anything.
base::Status check_list(const std::vector<ListedEntry>& list, const fs::path& zip,
                        const ArchiveLimits& limits) {
  ArchiveNames names(zip, limits);
  for (const ListedEntry& entry : list) {
    std::string_view name = entry.name;
    if (entry.is_directory()) name.remove_suffix(1);
    FAIRLEAD_TRY(names.add(name, entry.is_directory() ? Kind::directory : Kind::file));
    const uint32_t expected = entry.is_directory() ? S_IFDIR : S_IFREG;
    if (entry.type != 0 && entry.type != expected)
      return archive_defect("archive_link", zip, shown_name(name) + " is a link or a device");
    if (entry.is_directory() && entry.size != 0)
      return archive_defect("archive_malformed", zip, shown_name(name) + " is a directory with content");
  }
  return {};
}

/// As the list has it: a directory's ends with '/'.
std::string name_of(archive_entry* entry) {
  const char* const path = ::archive_entry_pathname(entry);
  std::string name = path != nullptr ? path : "";
  if (::archive_entry_filetype(entry) == AE_IFDIR && !name.ends_with('/')) name += '/';
  return name;
}

base::Status check_kind(archive* reader, archive_entry* entry, const std::string& name, const fs::path& zip) {
  const auto type = ::archive_entry_filetype(entry);
  if (type != AE_IFREG && type != AE_IFDIR)
    return archive_defect("archive_link", zip, shown_name(name) + " is a link or a device");
  if (::archive_entry_is_encrypted(entry) != 0)
    return archive_defect("archive_encrypted", zip, shown_name(name) + " is encrypted");
  // "ZIP 2.0 (deflation)": the one place where libarchive names the method. The others are rare, and some
  // of them ask for much memory before they give a byte.
  const char* const format = ::archive_format_name(reader);
  const std::string_view method = format != nullptr ? format : "";
  if (method.ends_with("(deflation)") || method.ends_with("(uncompressed)")) return {};
  return archive_defect("archive_unsupported", zip,
                        shown_name(name) + " is neither stored nor deflated: " + shown_name(method));
}

/// Room that grows: what a header says about lengths is not believed.
class Content {
 public:
  base::MutableByteView free(size_t most) {
    if (used_ == buffer_.size()) {
      base::Secret larger(std::max(kFirstBuffer, 2 * buffer_.size()));
      base::copy(taken(), larger.expose_mutable());
      buffer_ = std::move(larger);
    }
    const base::MutableByteView rest = buffer_.expose_mutable().subspan(used_);
    return rest.first(std::min(rest.size(), most));
  }
  void take(size_t count) noexcept { used_ += count; }
  base::ByteView taken() const noexcept { return buffer_.expose().first(used_); }

 private:
  base::Secret buffer_;
  size_t used_ = 0;
};

/// `left`: what may still come of all files together; is made less.
base::Result<base::Secret> read_content(archive* reader, const std::string& name, const fs::path& zip,
                                        size_t& left) {
  Content content;
  while (true) {
    const base::MutableByteView room = content.free(left + 1);
    const la_ssize_t count = ::archive_read_data(reader, room.data(), room.size());
    if (count < 0) return malformed(zip, reader);
    if (count == 0) return base::Secret(content.taken());
    if (static_cast<size_t>(count) > left)
      return archive_defect("archive_too_large", zip,
                            "unpacks to more than the archive may hold, at " + shown_name(name));
    left -= static_cast<size_t>(count);
    content.take(static_cast<size_t>(count));
  }
}

/// Reads entry after entry, each judged before its content is expanded.
class Walk {
 public:
  Walk(Reader reader, const fs::path& zip, size_t expanded)
      : reader_(std::move(reader)), zip_(zip), left_(expanded) {}

  base::Status run() {
    archive_entry* entry = nullptr;
    while (true) {
      const int answer = ::archive_read_next_header(reader_.get(), &entry);
      if (answer == ARCHIVE_EOF) return {};
      if (answer != ARCHIVE_OK) return malformed(zip_, reader_.get());
      FAIRLEAD_TRY(take(entry));
    }
  }
  std::vector<std::string> names;  ///< of files and directories
  std::vector<ArchiveEntry> files;

 private:
  base::Status take(archive_entry* entry) {
    const std::string name = names.emplace_back(name_of(entry));
    FAIRLEAD_TRY(check_kind(reader_.get(), entry, name, zip_));
    if (name.ends_with('/')) return {};
    FAIRLEAD_TRY(base::Secret content, read_content(reader_.get(), name, zip_, left_));
    files.push_back({name, ::archive_entry_perm(entry) & 0777u, std::move(content)});
    return {};
  }

  Reader reader_;
  const fs::path& zip_;
  size_t left_;
};

/// One program reads the list, another the entries: both must see the same files, to the last byte.
base::Status check_same(std::vector<std::string> seen, const std::vector<ListedEntry>& list,
                        const fs::path& zip) {
  std::vector<std::string> listed;
  listed.reserve(list.size());
  for (const ListedEntry& entry : list) listed.push_back(entry.name);
  std::ranges::sort(listed);
  std::ranges::sort(seen);
  if (seen == listed) return {};
  return archive_defect("archive_malformed", zip, "its list names other files than its entries do");
}

base::Result<Descriptor> open_archive(const fs::path& zip, size_t largest, size_t& size) {
  // O_NONBLOCK: opening a pipe that somebody put here must not wait for a writer.
  Descriptor file(::open(zip.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ELOOP)
    return archive_defect("archive_link", zip, "this is a symbolic link, expected a zip archive");
  if (!file)
    return defect("archive_not_found", zip, "cannot open the archive: " + errno_text(errno),
                  "name a zip archive that you may read");
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return defect("archive_not_found", zip, "this is not a regular file", "name a zip archive");
  size = static_cast<size_t>(std::max<off_t>(facts.st_size, 0));
  if (size > largest)
    return archive_defect(
        "archive_too_large", zip,
        "has " + std::to_string(size) + " bytes, expected at most " + std::to_string(largest));
  return file;
}

}  // namespace

base::Result<std::vector<ArchiveEntry>> read_archive(base::ByteView bytes, const fs::path& zip,
                                                     const ArchiveLimits& limits) {
  FAIRLEAD_TRY(const std::vector<ListedEntry> list, listed_entries(bytes, zip));
  FAIRLEAD_TRY(check_list(list, zip, limits));
  if (list.empty()) return std::vector<ArchiveEntry>{};
  FAIRLEAD_TRY(Reader reader, open_reader(bytes, zip));
  Walk walk(std::move(reader), zip, limits.expanded);
  FAIRLEAD_TRY(walk.run());
  FAIRLEAD_TRY(check_same(std::move(walk.names), list, zip));
  return std::move(walk.files);
}

base::Result<std::vector<ArchiveEntry>> read_archive(const fs::path& zip, const ArchiveLimits& limits) {
  size_t size = 0;
  FAIRLEAD_TRY(const Descriptor file, open_archive(zip, limits.expanded + kLargestOverhead, size));
  base::Secret bytes(size);  // it holds private keys, and it must not change while it is read
  if (!read_exactly(file.get(), bytes.expose_mutable()))
    return archive_defect("archive_malformed", zip, "changed while it was read");
  return read_archive(bytes.expose(), zip, limits);
}

}  // namespace fairlead::kit
