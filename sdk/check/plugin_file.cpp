#include "plugin_file.hpp"

#include <boost/dll/shared_library.hpp>

#include "text.hpp"
#include "verdict.hpp"

namespace fairlead::check {

struct PluginFile::Loaded {
  boost::dll::shared_library library;
  unsigned long (*take_error)() = nullptr;
};

PluginFile::PluginFile(const std::filesystem::path& file) : loaded_(std::make_unique<Loaded>()) {
  try {
    namespace load_mode = boost::dll::load_mode;
    loaded_->library.load(file, load_mode::rtld_now | load_mode::rtld_local);
    table_ = &loaded_->library.get<const fairlead_transport>(FAIRLEAD_TRANSPORT_SYMBOL);
    if (loaded_->library.has("ERR_get_error"))
      loaded_->take_error = &loaded_->library.get<unsigned long()>("ERR_get_error");
  } catch (const std::exception& error) {
    fail("it cannot be loaded: " + printable(error.what()));
  }
}

PluginFile::~PluginFile() = default;

unsigned long PluginFile::take_openssl_error() const {
  if (loaded_->take_error == nullptr) return 0;
  const unsigned long first = loaded_->take_error();
  while (loaded_->take_error() != 0) {
  }
  return first;
}

}  // namespace fairlead::check
