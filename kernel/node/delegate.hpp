/// Delegation: a site's kit makes one for a third party. Used by `fairlead token delegate`.
#pragma once
#include "kit/delegated.hpp"

namespace fairlead::node {

/// Opens and verifies the kit of a site and makes a delegated one from it; fills in the audience of `order`.
/// What kit::Kit::open() and kit::make_delegated_kit() say.
base::Result<crypto::Delegation> delegate(const std::filesystem::path& site, kit::DelegationOrder order,
                                          const base::Clock& clock, base::Random& random);

}  // namespace fairlead::node
