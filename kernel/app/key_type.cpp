#include "app/key_type.hpp"

namespace fairlead::app {

base::Result<crypto::KeyType> key_type(const std::string& text) {
  if (text.empty() || text == "p256") return crypto::KeyType::p256;
  if (text == "p384") return crypto::KeyType::p384;
  if (text == "ed25519") return crypto::KeyType::ed25519;
  if (text == "rsa3072") return crypto::KeyType::rsa;
  return base::fail(base::ErrorCode::bad_arguments, "--key-type " + text + " is not known",
                    "use p256, p384, ed25519 or rsa3072");
}

}  // namespace fairlead::app
