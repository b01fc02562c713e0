/// RevocationStore: the revocation lists of one kit. The site puts them into KIT/local/crl.pem; what was
/// accepted last is kept in KIT/state/crl.pem, so that an older list that is put back is refused, also after
/// a restart.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/crl.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// What a look at KIT/local/crl.pem led to.
struct RevocationLook {
  bool changed = false;  ///< other lists are in force than before
  /// Why the file, or what it should have become, is not as it should be; once for each change of the file.
  /// With `changed` the new lists are in force but could not be kept in KIT/state.
  std::optional<base::Error> error{};
};

/// Thread rule: one thread at a time.
class RevocationStore {
 public:
  /// Takes what was in force in the last run of this kit. Fails with bad_configuration, reason kit_state,
  /// when KIT/state/crl.pem is there and cannot be used: then nothing says what is revoked.
  static base::Result<RevocationStore> open(const Kit& kit);

  /// Reads KIT/local/crl.pem when it is another file than last time, or when it was refused a while ago.
  /// Accepted are lists that RevocationLists::read() takes, of every authority that has one in force, none
  /// with a lower number. Accepted lists are on disk in KIT/state when this returns. A file that is refused
  /// or gone leaves what is in force.
  RevocationLook look(base::WallTime now);

  /// Another version of the kit stands in the same place now.
  void use(const Kit& kit);

  const crypto::RevocationLists& lists() const noexcept { return lists_; }
  /// KIT/local/crl.pem.
  std::filesystem::path file() const;

 private:
  /// Which file stands under the name; two marks differ when its content may.
  struct Mark {
    uint64_t device = 0, inode = 0, size = 0;
    int64_t changed_ns = 0, modified_ns = 0;
    bool operator==(const Mark&) const = default;
  };

  RevocationStore(const Kit& kit, crypto::RevocationLists lists);
  std::optional<Mark> mark() const;
  base::Result<crypto::RevocationLists> read(base::WallTime now) const;
  base::Status check_numbers(const crypto::RevocationLists& fresh) const;
  base::Status keep() const;
  RevocationLook refused(base::Error error, base::WallTime now);

  std::filesystem::path kit_;
  crypto::Certificate root_;
  std::vector<crypto::Certificate> intermediates_;  ///< of the kit's own chain, verified with it
  crypto::RevocationLists lists_;
  std::optional<Mark> seen_;
  std::optional<base::WallTime> refused_at_;
  std::string last_error_;
};

}  // namespace fairlead::kit
