/// Names of the files in KIT/delegation. For who writes and who reads them.
#pragma once

namespace fairlead::kit {

inline constexpr const char *kHolderCertificateFile = "delegate.crt", *kHolderKeyFile = "delegate.key",
                            *kDelegationFile = "delegation.bin", *kDelegationSignatureFile = "delegation.sig";
inline constexpr const char* kDelegationFiles[] = {kHolderCertificateFile, kHolderKeyFile, kDelegationFile,
                                                   kDelegationSignatureFile};

}  // namespace fairlead::kit
