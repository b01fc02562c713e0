/// Database: one SQLite file for what a node must remember across kill -9. This room is SQLite's only user.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::store {

/// What a parameter takes.
using Value = std::variant<int64_t, std::string, base::Bytes>;

/// The tables of one kind of file.
struct Schema {
  int32_t application_id = 0;  ///< tells this kind of file from every other database; not 0
  int32_t version = 1;         ///< from 1; a file with a higher one is refused
  std::string_view sql;        ///< makes the tables in an empty file
};

/// One row of a result, valid inside the callback that gets it. Columns count from 0.
class Row {
 public:
  int64_t integer(int column) const;
  std::string text(int column) const;
  base::Bytes bytes(int column) const;

 private:
  friend class Statement;
  explicit Row(void* compiled) noexcept : compiled_(compiled) {}
  void* compiled_;  // sqlite3_stmt, whose name stays inside this room
};

/// A prepared statement. Does not outlive its database. Thread rule: one thread at a time.
class Statement {
 public:
  using EachRow = std::function<base::Status(const Row& row)>;

  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  /// Runs it, rows are dropped. Errors as at Database.
  base::Status execute(const std::vector<Value>& values = {});
  /// Runs it and gives each row to `body`; an error of `body` ends it and is returned.
  base::Status each(const std::vector<Value>& values, const EachRow& body);

 private:
  friend class Database;
  struct Compiled;
  explicit Statement(std::unique_ptr<Compiled> compiled) noexcept;
  std::unique_ptr<Compiled> compiled_;
};

/// An open file, for this process alone. Errors have a stable `reason`:
/// bad_configuration: state_unsafe_mode, state_wrong_owner (folder or file are not this user's alone),
/// state_not_writable, state_corrupt, state_foreign (another kind of file), state_newer (made by a newer
/// version); failed: state_full (no space), state_busy (another process has it), state_io, state_conflict (a
/// constraint); internal: anything else. Thread rule: one thread at a time.
class Database {
 public:
  /// Opens `file`, or makes it with mode 0600; its folder must be there with mode 0700. Checks the whole file
  /// for damage. What is committed later is on disk before the call returns.
  static base::Result<Database> open(const std::filesystem::path& file, const Schema& schema);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  base::Result<Statement> prepare(std::string_view sql);
  /// Runs statements that have neither parameters nor rows.
  base::Status run(const std::string& sql);
  /// All of `body` or nothing: its error, or one of the commit, undoes everything. Inside another transaction
  /// it becomes a part of that one.
  base::Status transact(const std::function<base::Status()>& body);
  bool is_in_transaction() const noexcept;
  const std::filesystem::path& path() const noexcept;

 private:
  struct Core;
  explicit Database(std::unique_ptr<Core> core) noexcept;
  base::Status configure();
  base::Status check_schema(const Schema& schema);
  base::Status create(const Schema& schema);
  base::Status check_content();
  base::Result<int64_t> number(std::string_view sql);
  std::unique_ptr<Core> core_;
};

}  // namespace fairlead::store
