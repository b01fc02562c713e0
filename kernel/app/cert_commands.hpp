/// `fairlead cert revoke` and `fairlead cert expiring`: certificates of a workspace after they were issued.
#pragma once
#include <string>

#include "app/output.hpp"
#include "app/passphrase.hpp"

namespace fairlead::app {

struct RevokeArguments {
  std::string name;       ///< participant; empty with `refresh`
  std::string workspace;  ///< folder that was given to `provision -w`
  std::string project;    ///< empty: the only one there is
  bool refresh = false;   ///< only a new list
  std::string reason = "unspecified";
  std::string next_update;  ///< period; empty: as long as the root
  PassphraseArguments passphrase;
};

/// Puts a participant's certificates on the project's revocation list, or issues the list anew. The
/// certificates that were revoked go to stdout, with --json one object. Gives the exit code: 0 (also when
/// there was nothing to do), 1 (disk, lock), 4 (arguments, workspace, passphrase).
int run_revoke(const RevokeArguments& arguments, const Output& output);

struct ExpiringArguments {
  std::string path;
  std::string within = "30d";
  bool quiet = false;  ///< only the certificates, for cron
};

/// Prints the certificates that end within a period. Gives the exit code: 1 when there is one, 0 without, 4
/// (arguments, no kit, unreadable files).
int run_expiring(const ExpiringArguments& arguments, const Output& output);

}  // namespace fairlead::app
