#include "node/delegate.hpp"

#include "node/configured.hpp"

namespace fairlead::node {

base::Result<crypto::Delegation> delegate(const std::filesystem::path& site, kit::DelegationOrder order,
                                          const base::Clock& clock, base::Random& random) {
  FAIRLEAD_TRY(const kit::Kit opened, kit::Kit::open(site, kit::VersionMemory::only_check));
  order.audience = project_identity(opened).audience();
  return kit::make_delegated_kit(opened, order, clock, random);
}

}  // namespace fairlead::node
