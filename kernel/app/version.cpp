#include "app/version.hpp"

#include "fairlead/node.h"

// OpenSSL's headers stay inside crypto; this one function is declared as in openssl/crypto.h. 0 is
// OPENSSL_VERSION.
extern "C" const char* OpenSSL_version(int type);

namespace fairlead::app {

std::string version_text() {
  return "fairlead " FAIRLEAD_PRODUCT_VERSION "\ntransport ABI " + std::to_string(FAIRLEAD_ABI_MAJOR) + "." +
         std::to_string(FAIRLEAD_ABI_MINOR) + "\n" + OpenSSL_version(0);
}

}  // namespace fairlead::app
