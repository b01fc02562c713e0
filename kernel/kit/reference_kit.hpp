/// Opens a startup kit of the reference: its own file names and JSON, certificates whose common name is the
/// identity, and no manifest. For Kit.
#pragma once
#include "kit/folder.hpp"
#include "kit/kit.hpp"
#include "kit/reference_files.hpp"

namespace fairlead::kit {

/// Reads and checks everything but a signature, which there is none. Fails with the reasons of Kit::open;
/// kit_bad_delegation when there is a KIT/delegation, which only a signed kit can have.
base::Result<Kit::Parts> open_reference_kit(const std::filesystem::path& path, const Folder& startup,
                                            const ReferenceKit& kind);

}  // namespace fairlead::kit
