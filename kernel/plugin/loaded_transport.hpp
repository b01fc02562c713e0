/// LoadedTransport: a validated plugin, and the instances made of it. Used by load and registry only.
#pragma once
#include "base/log.hpp"
#include "plugin/host.hpp"

namespace fairlead::plugin {

class LoadedTransport final : public Transport {
 public:
  LoadedTransport(std::shared_ptr<Plugin> plugin, base::Log& log)
      : plugin_(std::move(plugin)),
        log_(log),
        version_(plugin_->table->version),
        summary_(plugin_->table->summary) {}

  const std::string& id() const noexcept override { return plugin_->id; }
  const std::string& version() const noexcept override { return version_; }
  const std::string& summary() const noexcept override { return summary_; }
  const std::string& path() const noexcept override { return plugin_->path; }
  const std::vector<std::string>& schemes() const noexcept override { return plugin_->schemes; }
  bool is_trusted_link() const noexcept override { return plugin_->is_trusted_link; }
  Description description() const override;
  void watch_with(std::shared_ptr<Watchdog> watchdog) override { plugin_->watchdog = std::move(watchdog); }
  base::Status check(const std::string& option, const std::string& text) const override;
  base::Result<std::unique_ptr<Instance>> create(const LinkCredentials& credentials,
                                                 const OptionTexts& options) override;
  /// Before the first create(): what the allow list says once the plugin's id is known.
  void set_trusted_link(bool is_trusted) noexcept { plugin_->is_trusted_link = is_trusted; }

 private:
  const std::shared_ptr<Plugin> plugin_;  ///< owners: this object and the hosts of its instances
  base::Log& log_;
  std::string version_, summary_;
};

}  // namespace fairlead::plugin
