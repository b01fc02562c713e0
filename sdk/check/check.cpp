#include "check.hpp"

namespace fairlead::check {

Context::Context(std::filesystem::path plugin_file, const Setup& whole, const Configuration& one,
                 uint64_t number, std::filesystem::path dir)
    : file(std::move(plugin_file)), setup(whole), configuration(one), seed(number), dir_(std::move(dir)) {}

const PluginFile& Context::plugin() {
  if (!plugin_) plugin_ = std::make_unique<PluginFile>(file);
  return *plugin_;
}

void Context::require(uint32_t cap, const char* name) {
  if (!can(cap)) skip(std::string("the plugin does not claim ") + name);
}

std::string Context::new_dir() {
  const std::filesystem::path made = dir_ / std::to_string(++dirs_);
  std::filesystem::create_directory(made);
  return made.string();
}

std::string Context::fill(const std::string& text, const std::string& address) {
  if (scene_.empty() && text.find("{dir}") != std::string::npos) new_scene();
  return fill_in(text, {{"dir", scene_}, {"port", "0"}, {"address", address}});
}

Options Context::fill(Options options) {
  for (auto& [name, value] : options) value = fill(value);
  return options;
}

}  // namespace fairlead::check
