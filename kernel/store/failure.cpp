#include "store/failure.hpp"

#include <utility>

namespace fairlead::store {
namespace {

struct Meaning {
  int code;
  base::ErrorCode kind;
  const char *reason, *text, *hint;
};

constexpr base::ErrorCode kDefect = base::ErrorCode::bad_configuration, kFailed = base::ErrorCode::failed;
constexpr const char* kMakeWritable = "let the user who runs this program write the folder and its files";
constexpr const char* kRestore =
    "put back a good copy; whoever was disabled is not any more if you start without it";
constexpr const char* kCheckDisk = "check the disk and its mount";

constexpr Meaning kMeanings[] = {
    {SQLITE_FULL, kFailed, "state_full", "the disk is full", "free some space"},
    {SQLITE_READONLY, kDefect, "state_not_writable", "it cannot be written", kMakeWritable},
    {SQLITE_CANTOPEN, kDefect, "state_not_writable", "it cannot be opened", kMakeWritable},
    {SQLITE_PERM, kDefect, "state_not_writable", "access denied", kMakeWritable},
    {SQLITE_CORRUPT, kDefect, "state_corrupt", "the file is damaged", kRestore},
    {SQLITE_NOTADB, kDefect, "state_corrupt", "the file is damaged: not a database", kRestore},
    {SQLITE_BUSY, kFailed, "state_busy", "it is in use by another process",
     "stop the other process that runs with this kit"},
    {SQLITE_LOCKED, kFailed, "state_busy", "it is in use by another process",
     "stop the other process that runs with this kit"},
    {SQLITE_IOERR, kFailed, "state_io", "reading or writing failed", kCheckDisk},
    {SQLITE_CONSTRAINT, kFailed, "state_conflict", "what is stored already contradicts it",
     "see whether somebody else changed the file"},
};

}  // namespace

tl::unexpected<base::Error> defect(const char* reason, const std::filesystem::path& file, std::string text,
                                   std::string hint) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::bad_configuration, std::move(text),
                                                 std::move(hint), file.string() + ":1:1", reason});
}

tl::unexpected<base::Error> failure(int code, const char* tried, const std::filesystem::path& file) {
  const std::string what = std::string("cannot ") + tried + " ";
  for (const Meaning& one : kMeanings) {
    if (one.code != (code & 0xff)) continue;
    if (one.kind == kDefect)
      return defect(one.reason, file, what + "the state kept here: " + one.text, one.hint);
    return tl::unexpected<base::Error>(
        base::Error{one.kind, what + file.string() + ": " + one.text, one.hint, {}, one.reason});
  }
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::internal,
                                                 what + file.string() + ": " + ::sqlite3_errstr(code),
                                                 "report this with the log",
                                                 {},
                                                 "state_internal"});
}

}  // namespace fairlead::store
