/// RevocationWatch: keeps the revocation lists of a running node's kit current and says in the log what is
/// wrong with them, and when they name this node itself. Used by the nodes.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/log.hpp"
#include "kit/revocation_store.hpp"
#include "loop/loop.hpp"

namespace fairlead::node {

/// Whether a node lacks something without a list: a server does under `crl: strict`, a client never.
enum class ListsAre { expected, optional };

/// Thread rule: [home].
class RevocationWatch {
 public:
  /// Takes the lists of the last run and looks at the file. Fails with bad_configuration, reason kit_state.
  /// An unusable file is a line in the log and no failure. `loop` and `log` outlive the watch.
  static base::Result<std::unique_ptr<RevocationWatch>> make(const kit::Kit& kit, ListsAre lists,
                                                             loop::Loop& loop, base::Log& log);
  RevocationWatch(kit::RevocationStore store, crypto::CrlRules rules, ListsAre lists, loop::Loop& loop,
                  base::Log& log);

  /// Looks at the file each second from now on; `changed` runs when other lists are in force.
  void start(std::function<void()> changed);
  /// Another version of the kit stands in the same place now.
  void use(const kit::Kit& kit);
  /// `kit`'s root with the lists in force and the rules that go with them.
  crypto::TrustAnchor anchor(const kit::Kit& kit) const;

 private:
  /// A certificate of this node, and what stands between it and the root.
  struct Own {
    const char* use = "";
    std::vector<crypto::Certificate> path;
  };

  void remember_own(const kit::Kit& kit);
  void tell_of_own(base::MonoTime now);
  bool look();
  void report(const kit::RevocationLook& look);
  void warn_about_lack(base::MonoTime now);
  void tick();

  kit::RevocationStore store_;
  crypto::CrlRules rules_;  ///< of the project
  ListsAre lists_are_;
  loop::Loop& loop_;
  base::Log& log_;
  std::function<void()> changed_;
  std::unique_ptr<loop::Timer> timer_;
  std::optional<crypto::Certificate> root_;
  std::vector<Own> own_;
  std::optional<base::MonoTime> warned_;     ///< when a lack was logged last
  std::optional<base::MonoTime> asked_own_;  ///< when the lists were asked about own certificates last
};

}  // namespace fairlead::node
