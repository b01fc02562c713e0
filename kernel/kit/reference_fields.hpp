/// ReferenceFields: reads the members of a JSON file of the reference, finds every one that is wrong and
/// remembers which were not asked for. For the reader of its kits.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace fairlead::kit {

/// What was found in one file. Paths are such as "servers[0].service.target".
struct FieldFindings {
  std::vector<std::string> wrong;    ///< "PATH: what is there, what was expected"
  std::vector<std::string> ignored;  ///< paths of members that nobody asked for
};

/// One object of the file. Getters of a member that is wrong note that and give something empty, so that
/// reading goes on to the next. Single thread; `findings` outlives it.
class ReferenceFields {
 public:
  /// `path` is empty for the whole file. A value that is no object is noted.
  ReferenceFields(const base::Json& value, std::string path, FieldFindings& findings);

  /// A text that is not empty.
  std::string text(std::string_view key);
  /// The same, or nothing when the member is not there.
  std::string optional_text(std::string_view key);
  /// A number 1-65535.
  uint16_t port(std::string_view key);
  void must_be(std::string_view key, std::string_view expected);
  void must_be(std::string_view key, int64_t expected);
  ReferenceFields object(std::string_view key);
  /// The only item of a list, an object.
  ReferenceFields only_item(std::string_view key);
  /// Known members that mean nothing here and need no notice.
  void skip(std::initializer_list<std::string_view> keys);
  /// Every member that was neither read nor skipped is ignored, by name.
  void finish();

  bool has(std::string_view key) const { return !value_[key].is_null(); }
  /// Notes that a member is wrong; nothing when there is no object that it could be of.
  void wrong(std::string_view key, const std::string& what);

 private:
  const base::Json& member(std::string_view key);
  std::string path_of(std::string_view key) const;

  const base::Json& value_;
  std::string path_;
  FieldFindings& findings_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace fairlead::kit
