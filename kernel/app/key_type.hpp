/// --key-type, as several commands take it.
#pragma once
#include <string>

#include "provision/provision.hpp"

namespace fairlead::app {

/// p256 (also when empty), p384, ed25519 or rsa3072; else bad_arguments.
base::Result<crypto::KeyType> key_type(const std::string& text);

}  // namespace fairlead::app
