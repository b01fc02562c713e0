#include "provision/expiring.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <system_error>

#include "crypto/chain.hpp"
#include "kit/defect.hpp"
#include "kit/folder.hpp"
#include "kit/manifest.hpp"
#include "provision/workspace.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using crypto::Certificate;

constexpr int kDeepest = 5;

/// What may stand in startup/, and what its first certificate is.
struct CertificateFile {
  const char* name;
  const char* first;
  const char* others;                  ///< behind the first
  const char* without_name = nullptr;  ///< identity: type of a participant that names none of ours
};
constexpr std::array kFiles = {CertificateFile{"server.crt", "identity", "issuing", "server"},
                               CertificateFile{"client.crt", "identity", "issuing", "client"},
                               CertificateFile{"token.crt", "token", "issuing"},
                               CertificateFile{"issuer.crt", "issuer", "issuing"},
                               CertificateFile{kit::kRootFile, "root", "root"},
                               CertificateFile{kit::kCustomCaFile, "custom_ca", "custom_ca"}};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

bool is_kit(const fs::path& folder) {
  return std::ranges::any_of(
      kFiles, [&](const CertificateFile& file) { return is_there(folder / "startup" / file.name); });
}

/// A kit, and the list that says which of its certificates nobody waits for any more.
struct FoundKit {
  fs::path path;
  fs::path revocations;  ///< empty: none
};

tl::unexpected<base::Error> unreadable(const fs::path& folder, std::string text) {
  return kit::defect("kit_not_found", folder, std::move(text), "name a folder that this user can read");
}

/// Walks down from one folder. Thread rule: one thread.
class Search {
 public:
  base::Status look(const fs::path& folder, int depth) {
    if (is_kit(folder)) {
      found_.push_back({folder, {}});
      return {};
    }
    const auto releases = list_releases(folder);
    if (!releases) return unreadable(folder, releases.error().text);
    for (const auto& [name, kit] : releases->newest)
      if (is_kit(kit)) found_.push_back({kit, folder / "crl.pem"});
    return depth < kDeepest ? look_below(folder, depth) : base::Status{};
  }
  std::vector<FoundKit> result() && { return std::move(found_); }

 private:
  base::Status look_below(const fs::path& folder, int depth) {
    std::error_code error;
    std::vector<fs::path> below;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (entry->symlink_status(error).type() != fs::file_type::directory) continue;
      if (!name.starts_with('.') && !release_number(name)) below.push_back(entry->path());
    }
    if (error) return unreadable(folder, "cannot list the folder: " + error.message());
    std::ranges::sort(below);
    for (const fs::path& one : below) FAIRLEAD_TRY(look(one, depth + 1));
    return {};
  }

  std::vector<FoundKit> found_;
};

base::Result<std::vector<Certificate>> read_certificates(const kit::Folder& startup, const char* file) {
  FAIRLEAD_TRY(const kit::Folder::Content content, startup.read(file));
  auto certificates = crypto::read_pem_certificates(content.bytes);
  if (!certificates)
    return kit::defect("kit_bad_certificate", startup.path() / file, certificates.error().text);
  return certificates;
}

/// Who a kit is for, as the certificate says; without a name of ours in it, as in the reference, the CN.
ExpiringCertificate described(const Certificate& leaf, const CertificateFile& file) {
  ExpiringCertificate one;
  const auto identity = crypto::identity_of(leaf);
  one.name = identity ? identity->name : leaf.common_name();
  one.type = identity ? base::name(identity->type) : file.without_name;
  return one;
}

int64_t days_between(base::WallTime from, base::WallTime until) {
  return std::chrono::floor<std::chrono::days>(until - from).count();
}

/// Looks at one certificate after another. Thread rule: one thread.
class Collection {
 public:
  Collection(std::chrono::seconds within, base::WallTime now) : within_(within), now_(now) {}

  base::Status add(const FoundKit& kit) {
    ++report_.kits;
    FAIRLEAD_TRY(const kit::Folder startup, kit::Folder::open(kit.path / "startup"));
    const crypto::RevocationLists lists = lists_of(kit, startup);
    ExpiringCertificate whose;
    for (const CertificateFile& file : kFiles) {
      if (!is_there(startup.path() / file.name)) continue;
      FAIRLEAD_TRY(const auto certificates, read_certificates(startup, file.name));
      if (file.without_name != nullptr) whose = described(certificates.front(), file);
      whose.file = startup.path() / file.name;
      for (size_t i = 0; i < certificates.size(); ++i) {
        whose.certificate = i == 0 ? file.first : file.others;
        if (!is_revoked(certificates[i], lists)) look_at(certificates[i], whose);
      }
    }
    return {};
  }

  ExpiryReport result() && {
    std::ranges::stable_sort(report_.ending, {}, &ExpiringCertificate::expires);
    return std::move(report_);
  }

 private:
  /// What cannot be used revokes nothing: then more is reported, not less.
  crypto::RevocationLists lists_of(const FoundKit& kit, const kit::Folder& startup) {
    if (kit.revocations.empty() || !is_there(kit.revocations)) return {};
    const auto folder = kit::Folder::open(kit.revocations.parent_path());
    const auto roots = read_certificates(startup, kit::kRootFile);
    if (!folder || !roots) return {};
    const auto text = folder->read(kit.revocations.filename().string(), crypto::kLargestRevocationText);
    if (!text) return {};
    root_ = roots->front();
    auto lists = crypto::RevocationLists::read(text->bytes, *root_, {}, now_);
    return lists ? std::move(*lists) : crypto::RevocationLists();
  }

  bool is_revoked(const Certificate& certificate, const crypto::RevocationLists& lists) const {
    return !lists.empty() && lists.revokes(certificate, *root_);
  }

  void look_at(const Certificate& certificate, const ExpiringCertificate& whose) {
    if (!seen_.insert(certificate.sha256()).second) return;
    ++report_.certificates;
    const base::WallTime expires = certificate.not_after();
    if (expires - now_ > within_) return;
    ExpiringCertificate one = whose;
    one.expires = expires;
    one.days_left = days_between(now_, expires);
    if (expires <= now_) ++report_.expired;
    report_.ending.push_back(std::move(one));
  }

  std::chrono::seconds within_;
  base::WallTime now_;
  std::set<base::Digest> seen_;
  std::optional<Certificate> root_;  ///< of the kit that is looked at
  ExpiryReport report_;
};

}  // namespace

base::Result<ExpiryReport> find_expiring(const fs::path& path, std::chrono::seconds within,
                                         base::WallTime now) {
  Search search;
  FAIRLEAD_TRY(search.look(path, 0));
  const std::vector<FoundKit> kits = std::move(search).result();
  if (kits.empty())
    return kit::defect("kit_not_found", path, "there is no kit here",
                       "name a kit, a workspace or a folder with kits in it");
  Collection collection(within, now);
  for (const FoundKit& kit : kits) FAIRLEAD_TRY(collection.add(kit));
  return std::move(collection).result();
}

}  // namespace fairlead::provision
