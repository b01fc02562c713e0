/// `fairlead cert request`, `approve`, `install` and `renew`: certificates for keys that never leave their
/// site.
#pragma once
#include <optional>
#include <string>

#include "app/arguments.hpp"
#include "app/output.hpp"
#include "app/passphrase.hpp"

namespace fairlead::app {

struct CertRequestArguments {
  std::string project;  ///< a project file, or the name alone
  std::string name;
  std::string type;      ///< empty: as the file says, else client
  std::string key_type;  ///< as for provision
  std::string output;    ///< the archive to send
  std::string kit;       ///< empty: NAME in the working directory
};
/// Site. Makes the keys in KIT/request and the archive without any. 0, 1 (disk, another request waits there),
/// 4 (arguments, project file).
int run_cert_request(const CertRequestArguments& arguments, const Output& output);

struct CertApproveArguments {
  std::string request, workspace, output;
  bool replace = false;  ///< of a key that has a certificate already
  std::optional<int> days;
  PassphraseArguments passphrase;
};
/// Admin. Issues what the request asks for and writes the answer. 0, 1 (refused), 4 (arguments, archive,
/// passphrase).
int run_cert_approve(const CertApproveArguments& arguments, const Output& output);

struct CertInstallArguments {
  std::string approval, fingerprint;
  std::string kit;  ///< empty: as `request` has it
};
/// Site. Makes a kit of the answer and the keys that wait. 0, 1 (refused), 4 (arguments, archive, kit).
int run_cert_install(const CertInstallArguments& arguments, const Output& output);

struct CertRenewArguments {
  NodeArguments node;
  std::string key_type;
  bool keep_key = false;  ///< a new certificate for the present key
};
/// Site. Asks the server over a session of its own for a new certificate and installs it. 0 also when an
/// admin has to approve first; 1 (refused), 2, 3, 4 as for other commands that log in.
int run_cert_renew(const CertRenewArguments& arguments, const CommonArguments& common, const Output& output);

}  // namespace fairlead::app
