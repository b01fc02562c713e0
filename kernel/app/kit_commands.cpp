#include "app/kit_commands.hpp"

#include <ostream>

#include "kit/install.hpp"
#include "kit/pack.hpp"

namespace fairlead::app {
namespace {

using base::Json;

base::Result<Json> pack(const PackArguments& arguments, const Output& output) {
  FAIRLEAD_TRY(const kit::Kit kit, kit::Kit::open(arguments.kit, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(const kit::Packed packed, kit::pack_kit(kit, arguments.output));
  output.err << "packed " << packed.files << " files of " << kit.settings().name << " into "
             << arguments.output << "\n";
  if (packed.private_keys > 0)
    output.err << "warning: it holds " << packed.private_keys << " private key"
               << (packed.private_keys == 1 ? "" : "s") << "; whoever reads it can act as "
               << kit.settings().name << ": send it over a channel that only its receiver can read\n";
  const std::string root = base::hex(kit.root().sha256());
  output.err << "root fingerprint (SHA-256), to be told another way: " << root << "\n" << std::flush;
  return Json::object({{"archive", arguments.output},
                       {"participant", kit.settings().name},
                       {"files", uint64_t{packed.files}},
                       {"private_keys", uint64_t{packed.private_keys}},
                       {"root_sha256", root}});
}

const char* words_for(kit::InstallChange change) {
  switch (change) {
    case kit::InstallChange::installed:
      return "installed ";
    case kit::InstallChange::upgraded:
      return "upgraded ";
    case kit::InstallChange::nothing:
      return "nothing to do, the same version is there: ";
  }
  return "";
}

void tell(const kit::Installed& installed, const InstallArguments& arguments, const Output& output) {
  const kit::Kit& kit = installed.kit;
  output.err << words_for(installed.change) << kit.path().string() << ": " << kit.settings().name << " of "
             << kit.settings().project << ", version " << kit.settings().kit_version << "\n";
  if (!installed.left_out.empty())
    output.err << "left out " << installed.left_out.size()
               << " files of state/ and transfer/, which belong to the folder that was packed\n";
  if (arguments.fingerprint.empty())
    output.err << "root fingerprint (SHA-256): " << base::hex(kit.root().sha256())
               << "\ncompare it with the one that the project's administrator tells you, or use "
                  "--fingerprint\n";
  output.err << std::flush;
}

base::Result<Json> install(const InstallArguments& arguments, const Output& output) {
  kit::InstallOrder order{arguments.zip, arguments.folder, {}};
  if (!arguments.fingerprint.empty()) {
    FAIRLEAD_TRY(order.root_sha256, kit::parse_fingerprint(arguments.fingerprint));
  }
  FAIRLEAD_TRY(const kit::Installed installed, kit::install_kit(order));
  tell(installed, arguments, output);
  const kit::KitSettings& settings = installed.kit.settings();
  Json left_out = Json::array();
  for (const std::string& path : installed.left_out) left_out.add(path);
  return Json::object({{"change", kit::name(installed.change)},
                       {"folder", installed.kit.path().string()},
                       {"project", settings.project},
                       {"participant", settings.name},
                       {"type", base::name(settings.type)},
                       {"kit_version", settings.kit_version},
                       {"root_sha256", base::hex(installed.kit.root().sha256())},
                       {"left_out", std::move(left_out)}});
}

int conclude(base::Result<Json> data, const Output& output) {
  return data ? succeed(std::move(*data), output) : report(data.error(), output);
}

}  // namespace

int run_kit_pack(const PackArguments& arguments, const Output& output) {
  return conclude(pack(arguments, output), output);
}

int run_kit_install(const InstallArguments& arguments, const Output& output) {
  return conclude(install(arguments, output), output);
}

}  // namespace fairlead::app
