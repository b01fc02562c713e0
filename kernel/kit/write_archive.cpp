#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "kit/archive.hpp"
#include "kit/archive_rules.hpp"
#include "kit/defect.hpp"
#include "kit/durable.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

struct CloseWriter {
  void operator()(archive* writer) const noexcept { ::archive_write_free(writer); }
};
struct CloseEntry {
  void operator()(archive_entry* entry) const noexcept { ::archive_entry_free(entry); }
};
using Writer = std::unique_ptr<archive, CloseWriter>;
using Entry = std::unique_ptr<archive_entry, CloseEntry>;

constexpr size_t kEntryOverhead = 1024;  // headers of one entry and its name, twice; far above the real ones
constexpr uint32_t kPermissions = 0777;

tl::unexpected<base::Error> failure(const fs::path& zip, archive* writer) {
  const char* const words = ::archive_error_string(writer);
  return base::fail(base::ErrorCode::failed, "cannot write " + zip.string() + ": " +
                                                 (words != nullptr ? words : "libarchive refused it"));
}

/// What the reader would refuse is not written.
base::Result<size_t> check_entries(const fs::path& zip, std::span<const ArchiveEntry> entries) {
  const ArchiveLimits limits;
  ArchiveNames names(zip, limits);
  size_t size = 0;
  for (const ArchiveEntry& entry : entries) {
    FAIRLEAD_TRY(names.add(entry.path, ArchiveNames::Kind::file));
    size += entry.content.size();
    if (size > limits.expanded)
      return archive_defect("archive_too_large", zip,
                            "would hold more than " + std::to_string(limits.expanded) + " bytes");
  }
  return size;
}

base::Result<Writer> open_writer(const fs::path& zip, base::MutableByteView out, size_t& used) {
  Writer writer(::archive_write_new());
  if (!writer) return base::fail(base::ErrorCode::internal, "no memory for writing " + zip.string());
  if (::archive_write_set_format_zip(writer.get()) != ARCHIVE_OK ||
      ::archive_write_zip_set_compression_deflate(writer.get()) != ARCHIVE_OK ||
      ::archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      ::archive_write_open_memory(writer.get(), out.data(), out.size(), &used) != ARCHIVE_OK)
    return failure(zip, writer.get());
  return writer;
}

base::Status write_entry(const fs::path& zip, archive* writer, const ArchiveEntry& from) {
  const Entry entry(::archive_entry_new());
  if (!entry) return base::fail(base::ErrorCode::internal, "no memory for writing " + zip.string());
  ::archive_entry_set_pathname(entry.get(), from.path.c_str());
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), from.mode & kPermissions);
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(from.content.size()));
  if (::archive_write_header(writer, entry.get()) != ARCHIVE_OK) return failure(zip, writer);
  const base::ByteView content = from.content.expose();
  const la_ssize_t written = ::archive_write_data(writer, content.data(), content.size());
  if (written < 0 || static_cast<size_t>(written) != content.size()) return failure(zip, writer);
  return {};
}

base::Status put_in_place(const fs::path& temporary, const fs::path& zip, ExistingFile existing) {
  if (existing == ExistingFile::replace) return rename_durably(temporary, zip);
  return rename_to_new(temporary, zip);
}

}  // namespace

base::Status write_archive(const fs::path& zip, std::span<const ArchiveEntry> entries, uint32_t mode,
                           ExistingFile existing) {
  FAIRLEAD_TRY(const size_t size, check_entries(zip, entries));
  // Deflate adds 5 bytes to each 16 KiB that it cannot shrink: an eighth is far above that.
  base::Secret out(size + size / 8 + (entries.size() + 1) * kEntryOverhead);
  size_t used = 0;
  FAIRLEAD_TRY(const Writer writer, open_writer(zip, out.expose_mutable(), used));
  for (const ArchiveEntry& entry : entries) FAIRLEAD_TRY(write_entry(zip, writer.get(), entry));
  if (::archive_write_close(writer.get()) != ARCHIVE_OK) return failure(zip, writer.get());

  fs::path temporary = zip;
  temporary.replace_filename("." + zip.filename().string() + ".tmp." + std::to_string(::getpid()));
  ::unlink(temporary.c_str());
  base::Status written = write_new_file(temporary, out.expose().first(used), mode);
  if (written) written = put_in_place(temporary, zip, existing);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace fairlead::kit
