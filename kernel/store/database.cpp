#include "store/database.hpp"

#include "base/assert.hpp"
#include "store/failure.hpp"

namespace fairlead::store {
namespace {

/// How long to wait for another process that is just ending.
constexpr int kBusyMs = 2'000;

struct CloseDatabase {
  // The _v2 form waits for statements that are still there.
  void operator()(sqlite3* handle) const noexcept { ::sqlite3_close_v2(handle); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
};

/// A file that somebody prepared must not run code of its own or reach outside its tables.
constexpr std::pair<int, int> kHardening[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                              {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                              {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                              {SQLITE_DBCONFIG_ENABLE_VIEW, 0}};

/// EXCLUSIVE: two servers of one kit would each know only half of who is disabled. WAL with FULL: a commit is
/// on disk when it returns.
constexpr const char* kPragmas =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;";

sqlite3_stmt* as_statement(void* compiled) noexcept { return static_cast<sqlite3_stmt*>(compiled); }

int bind(sqlite3_stmt* statement, int at, const Value& value) noexcept {
  if (const auto* number = std::get_if<int64_t>(&value)) return ::sqlite3_bind_int64(statement, at, *number);
  // The values live until the statement has run, so SQLite need not copy them.
  if (const auto* text = std::get_if<std::string>(&value))
    return ::sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  const auto& bytes = std::get<base::Bytes>(value);
  if (bytes.empty()) return ::sqlite3_bind_zeroblob(statement, at, 0);
  return ::sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

}  // namespace

struct Database::Core {
  std::filesystem::path path;
  std::unique_ptr<sqlite3, CloseDatabase> handle;
  bool in_transaction = false;
};

struct Statement::Compiled {
  std::filesystem::path path;
  std::unique_ptr<sqlite3_stmt, EndStatement> statement;

  /// Ready for the next run, whatever became of this one.
  void reset() noexcept {
    ::sqlite3_reset(statement.get());
    ::sqlite3_clear_bindings(statement.get());
  }
};

int64_t Row::integer(int column) const { return ::sqlite3_column_int64(as_statement(compiled_), column); }

std::string Row::text(int column) const { return base::to_text(bytes(column)); }

base::Bytes Row::bytes(int column) const {
  sqlite3_stmt* statement = as_statement(compiled_);
  const auto* data = static_cast<const uint8_t*>(::sqlite3_column_blob(statement, column));
  const auto size = static_cast<size_t>(::sqlite3_column_bytes(statement, column));
  return base::to_bytes(base::ByteView(data, data == nullptr ? 0 : size));
}

Statement::Statement(std::unique_ptr<Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

base::Status Statement::execute(const std::vector<Value>& values) {
  return each(values, [](const Row&) { return base::Status{}; });
}

base::Status Statement::each(const std::vector<Value>& values, const EachRow& body) {
  sqlite3_stmt* statement = compiled_->statement.get();
  FAIRLEAD_ASSERT(::sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
  int code = SQLITE_OK;
  for (size_t i = 0; i < values.size() && code == SQLITE_OK; ++i)
    code = bind(statement, static_cast<int>(i) + 1, values[i]);
  base::Status status;
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = ::sqlite3_step(statement);
    if (code == SQLITE_ROW) status = body(Row(statement));
    if (!status.has_value()) break;
  }
  compiled_->reset();
  if (!status.has_value() || code == SQLITE_DONE) return status;
  const bool reads = ::sqlite3_stmt_readonly(statement) != 0;
  return failure(code, reads ? "read" : "write", compiled_->path);
}

Database::Database(std::unique_ptr<Core> core) noexcept : core_(std::move(core)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

bool Database::is_in_transaction() const noexcept { return core_->in_transaction; }
const std::filesystem::path& Database::path() const noexcept { return core_->path; }

base::Result<Database> Database::open(const std::filesystem::path& file, const Schema& schema) {
  FAIRLEAD_ASSERT(schema.application_id != 0 && schema.version >= 1);
  FAIRLEAD_TRY(prepare_place(file));
  sqlite3* handle = nullptr;
  const int code = ::sqlite3_open_v2(
      file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(std::make_unique<Core>());
  database.core_->path = file;
  database.core_->handle.reset(handle);
  if (code != SQLITE_OK) return failure(code, "open", file);
  FAIRLEAD_TRY(database.configure());
  FAIRLEAD_TRY(database.transact([&] { return database.check_schema(schema); }));
  FAIRLEAD_TRY(database.check_content());
  return database;
}

base::Status Database::configure() {
  ::sqlite3_busy_timeout(core_->handle.get(), kBusyMs);
  for (const auto& [option, value] : kHardening)
    FAIRLEAD_ASSERT(::sqlite3_db_config(core_->handle.get(), option, value, nullptr) == SQLITE_OK);
  return run(kPragmas);
}

base::Status Database::check_schema(const Schema& schema) {
  FAIRLEAD_TRY(const int64_t id, number("PRAGMA application_id"));
  FAIRLEAD_TRY(const int64_t version, number("PRAGMA user_version"));
  FAIRLEAD_TRY(const int64_t tables, number("SELECT count(*) FROM sqlite_schema"));
  if (id == 0 && version == 0 && tables == 0) return create(schema);
  if (id != schema.application_id || version < 1)
    return defect("state_foreign", core_->path, "this is a database of another program",
                  "move it away, or put back the right one");
  if (version > schema.version)
    return defect("state_newer", core_->path,
                  "this was written by a newer version: format " + std::to_string(version) +
                      ", this program knows up to " + std::to_string(schema.version),
                  "run the newer version");
  return {};
}

base::Status Database::create(const Schema& schema) {
  FAIRLEAD_TRY(run(std::string(schema.sql)));
  return run("PRAGMA application_id=" + std::to_string(schema.application_id) +
             "; PRAGMA user_version=" + std::to_string(schema.version));
}

base::Status Database::check_content() {
  FAIRLEAD_TRY(Statement check, prepare("PRAGMA quick_check(1)"));
  return check.each({}, [&](const Row& row) -> base::Status {
    if (row.text(0) == "ok") return {};
    return failure(SQLITE_CORRUPT, "use", core_->path);
  });
}

base::Result<int64_t> Database::number(std::string_view sql) {
  FAIRLEAD_TRY(Statement statement, prepare(sql));
  int64_t value = 0;
  FAIRLEAD_TRY(statement.each({}, [&](const Row& row) {
    value = row.integer(0);
    return base::Status{};
  }));
  return value;
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* compiled = nullptr;
  const int code = ::sqlite3_prepare_v3(core_->handle.get(), sql.data(), static_cast<int>(sql.size()), 0,
                                        &compiled, nullptr);
  auto owner = std::make_unique<Statement::Compiled>();
  owner->path = core_->path;
  owner->statement.reset(compiled);
  // Our own SQL is right, so a table or column that is missing was taken out of the file.
  if (code == SQLITE_ERROR) return failure(SQLITE_CORRUPT, "use", core_->path);
  if (code != SQLITE_OK) return failure(code, "use", core_->path);
  return Statement(std::move(owner));
}

base::Status Database::run(const std::string& sql) {
  const int code = ::sqlite3_exec(core_->handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? base::Status{} : failure(code, "write", core_->path);
}

base::Status Database::transact(const std::function<base::Status()>& body) {
  if (core_->in_transaction) return body();
  FAIRLEAD_TRY(run("BEGIN IMMEDIATE"));
  core_->in_transaction = true;
  base::Status status = body();
  if (status.has_value()) status = run("COMMIT");
  core_->in_transaction = false;
  // SQLite may have rolled back by itself after a full disk; then there is nothing left to undo.
  if (!status.has_value() && ::sqlite3_get_autocommit(core_->handle.get()) == 0)
    static_cast<void>(run("ROLLBACK"));
  return status;
}

}  // namespace fairlead::store
