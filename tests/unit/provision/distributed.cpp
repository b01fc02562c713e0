#include "distributed.hpp"

namespace fairlead::support {

std::string with_site_key() { return with("org: north", "org: north\n    key_custody: site"); }

provision::PendingRequest Distributed::request(const provision::Subject& subject, const std::string& site,
                                               const std::string& name) {
  provision::SiteOrder order;
  order.subject = subject;
  order.kit = folder(site);
  auto made = provision::request_certificate(order);
  EXPECT_TRUE(made.has_value()) << made.error().line();
  if (!made) std::abort();
  write_zip(zip(name), provision::to_entries(made->request));
  return std::move(*made);
}

base::Result<provision::Approval> Distributed::approve(const std::string& request_name,
                                                       const std::string& output,
                                                       provision::OtherKey other_key) {
  provision::ApproveOptions options;
  options.request = zip(request_name);
  options.workspace = project.workspace();
  options.output = zip(output);
  options.other_key = other_key;
  return provision::approve(options, clock, random);
}

base::Result<kit::Kit> Distributed::install(const std::string& approval, const std::string& site) {
  return provision::install_approval(provision::InstallOrder{zip(approval), folder(site), root()});
}

kit::Kit Distributed::installed_site() {
  request();
  const auto approved = approve();
  EXPECT_TRUE(approved.has_value()) << approved.error().line();
  auto kit = install();
  EXPECT_TRUE(kit.has_value()) << kit.error().line();
  if (!kit) std::abort();
  return std::move(*kit);
}

void write_zip(const std::filesystem::path& zip, const std::vector<kit::ArchiveEntry>& entries) {
  const auto written = kit::write_archive(zip, entries, 0644, kit::ExistingFile::replace);
  ASSERT_TRUE(written.has_value()) << written.error().line();
}

std::vector<kit::ArchiveEntry> read_zip(const std::filesystem::path& zip) {
  auto entries = kit::read_archive(zip);
  EXPECT_TRUE(entries.has_value()) << entries.error().line();
  return entries ? std::move(*entries) : std::vector<kit::ArchiveEntry>{};
}

void set_content(std::vector<kit::ArchiveEntry>& entries, const std::string& path, std::string_view content) {
  for (kit::ArchiveEntry& entry : entries)
    if (entry.path == path) entry.content = base::Secret(base::as_bytes(content));
}

std::string content_of(const std::vector<kit::ArchiveEntry>& entries, const std::string& path) {
  for (const kit::ArchiveEntry& entry : entries)
    if (entry.path == path) return base::to_text(entry.content.expose());
  return {};
}

}  // namespace fairlead::support
